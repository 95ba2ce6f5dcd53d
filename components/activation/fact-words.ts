import { isChangedByRestart } from "@/components/activation/restart";
import { count } from "@/components/ui/words";
import type { Fact, FactName } from "@/lib/identity/verdict";

/** What a fact is called, and what it tells about a node. */
export const FACTS: Record<FactName, { name: string; tells: string }> = {
  installation: {
    name: "Identity beside the key",
    tells:
      "Kept in the key's folder, outside the database. Another one: this database came from elsewhere.",
  },
  key: { name: "Key", tells: "Seals the credentials; kept outside the database." },
  key_file: {
    name: "Key file",
    tells: "Another path and another file: somebody copied it. A mounted secret keeps its path.",
  },
  console: { name: "Console address", tells: "Where people reach this console." },
  label: {
    name: "Environment label",
    tells: "What this node is called, as it was told at its start.",
  },
  database_server: {
    name: "Database server",
    tells:
      "PostgreSQL's own number of its data folder; a dump that is restored elsewhere gets another.",
  },
  database: { name: "Database", tells: "Its name and PostgreSQL's number for it." },
  database_age: {
    name: "Age of the database",
    tells: "Compared with a note outside it: an older one was restored from a backup.",
  },
  machine: { name: "Machine", tells: "The operating system's id; the same in a copied disk." },
  boot: { name: "Boot", tells: "A new one at each start of the host." },
  host: { name: "Host name", tells: "Means little by itself: a new container has another one." },
  addresses: {
    name: "Network addresses",
    tells: "Mean little by themselves: a new container has others.",
  },
  container: {
    name: "Container",
    tells: "Means little by itself: each version makes a new one.",
  },
};

/** What to think of a fact that differs and did not make the verdict. */
export function weakWords({ name }: Fact): string {
  return isChangedByRestart(name)
    ? "differs, as after every restart"
    : "differs, which proves nothing by itself";
}

/** What the facts without a difference amount to. */
export function sameSummary(facts: readonly Fact[]): string {
  const same = facts.filter(({ grade }) => grade === "same");
  if (same.every((fact) => sameWords(fact) !== "as before"))
    return `${count(same.length, "fact")} noted, to compare with at the next start`;
  return same.length < facts.length
    ? `${count(same.length, "fact")} without a difference`
    : `${count(same.length, "fact")} looked at, none differs`;
}

const BY_WEIGHT: Record<Fact["grade"], number> = { strong: 0, weak: 1, same: 2 };

/** What made the verdict first, then what explains itself, then what is as it was. */
export function byWeight(facts: readonly Fact[]): Fact[] {
  return facts.toSorted((a, b) => BY_WEIGHT[a.grade] - BY_WEIGHT[b.grade]);
}

/** Why a fact that is graded "same" has nothing to say, or that it is as it was. */
export function sameWords(fact: Fact): "as before" | "not known before" | "not known now" {
  if (fact.now === null) return "not known now";
  return fact.then === null ? "not known before" : "as before";
}
