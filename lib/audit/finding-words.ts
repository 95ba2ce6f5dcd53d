import type { Finding } from "@/lib/audit/verify";

/** A finding as a sentence, and what to do about it. */
export function findingWords(finding: Finding): string {
  switch (finding.kind) {
    case "altered":
      return `Record ${finding.seq} is not what was written. Compare it with a backup, and find out who can write to the database.`;
    case "inserted":
      return `The row with id ${finding.id} was put among the records from outside this program. Do not believe it, and find out who can write to the database.`;
    case "missing":
      return `${records(finding)} missing, though later ones are there. Look for them in a backup, and find out who can write to the database.`;
    case "reordered":
      return `Record ${finding.seq} is genuine, but was written as number ${finding.belongsAt}. Find out who can write to the database.`;
    case "joined":
      return `Record ${finding.seq} was not written after record ${finding.seq - 1}: the audit was put together from two histories. Compare it with a backup from before.`;
    case "truncated":
      return `The audit ends with record ${finding.head}, but record ${finding.seen} has been seen: ${finding.seen - finding.head} or more are gone from its end. If you restored a backup, this is why; if nobody did, look for them in one.`;
    case "rewritten":
      return `Record ${finding.seq} is not the one that was seen as the last: the audit was written anew from some point on, or this is another database. If you restored a backup and went on, this is why; if nobody did, compare it with one.`;
    case "other_key":
      return finding.place === "before"
        ? `${records(finding)} sealed under another key (${finding.keyId}), before this node's first. After a copy, or with a new key, this is normal: only that key can tell whether they are whole.`
        : `${records(finding)} sealed under another key (${finding.keyId}), so nothing can be said about them. If this is a copy that has not started yet, start it and look again; if not, see that every process of this node has the same key.`;
    case "without_key":
      return `${records(finding, "was", "were")} written without the node's key, so anybody can have written that. If somebody ran a command on a machine without the key then, this is why; ask them.`;
    case "unchained":
      return `${finding.count} ${finding.count === 1 ? "record is" : "records are"} from before the audit was a chain, and cannot be checked. There is nothing to do.`;
  }
}

function records({ from, to }: { from: number; to: number }, one = "is", many = "are"): string {
  return from === to ? `Record ${from} ${one}` : `Records ${from} to ${to} ${many}`;
}
