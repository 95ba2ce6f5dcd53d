import { fromParts, sameParts } from "@/lib/identity/address";
import type { DatabaseAge, Evidence, HighWaterSeen } from "@/lib/identity/evidence";

export const VERDICTS = [
  "first_start",
  "restart",
  "database_moved",
  "restored",
  "moved_or_copy",
] as const;
export type VerdictKind = (typeof VERDICTS)[number];

/**
 * One fact as it was and as it is. `same`: nothing to explain. `weak`: it differs, and by itself means no
 * more than a restart. `strong`: it differs, and it (with others) made the verdict.
 */
export type Fact = {
  name: FactName;
  then: string | null;
  now: string | null;
  grade: "same" | "weak" | "strong";
};

export type FactName =
  | "installation"
  | "key"
  | "key_file"
  | "console"
  | "label"
  | "database_server"
  | "database"
  | "database_age"
  | "machine"
  | "boot"
  | "host"
  | "addresses"
  | "container";

export type Verdict = {
  kind: VerdictKind;
  /** What happened, for the banner, the audit and the Activation page. */
  sentence: string;
  facts: Fact[];
  needsDecision: boolean;
};

export type VerdictInput = {
  /** Null: nothing was ever observed. */
  then: Evidence | null;
  now: Evidence;
  identity: string;
  /** Whether a life of workers has been there before. */
  hasLived: boolean;
  highWater: HighWaterSeen | null;
  age: DatabaseAge;
};

/**
 * What a start means. Off is the boot state whatever comes out; the verdict says what a person has to
 * know, and whether a person has to decide. Nothing that is seen can prove "I am the original": a full
 * copy of the machine looks the same, so host, addresses and container never decide by themselves.
 */
export function verdictOf(input: VerdictInput): Verdict {
  const { then, now, hasLived } = input;
  if (!then) {
    const isForeign = isAnotherInstallation(input);
    return {
      kind: isForeign ? "moved_or_copy" : hasLived ? "restart" : "first_start",
      sentence: isForeign
        ? "This node's key belongs to another node."
        : hasLived
          ? "This node restarted: none of its processes had stayed alive. From now on it remembers where it runs."
          : "This node started for the first time.",
      facts: factsOf(input, { key: isForeign, keyFile: false, place: false }),
      needsDecision: isForeign,
    };
  }
  const key = isAnotherInstallation(input) || now.keyId !== then.keyId;
  const keyFile = isCopiedKeyFile(then, now);
  const place = differs(then.console, now.console) && then.host !== now.host;
  const facts = factsOf(input, { key, keyFile, place });
  if (key || keyFile || place)
    return {
      kind: "moved_or_copy",
      sentence: `This node was moved, or it is a copy: ${whyMovedOrCopy({ key, keyFile, place })}.`,
      facts,
      needsDecision: true,
    };
  if (isRewound(input))
    return {
      kind: "restored",
      sentence: `This node's database was restored from a backup${byHowMuch(input)}.`,
      facts,
      needsDecision: false,
    };
  if (!sameDatabase(then, now))
    return {
      kind: "database_moved",
      sentence: "This node's database was moved to another server or name, or restored there.",
      facts,
      needsDecision: false,
    };
  return {
    kind: "restart",
    sentence: "This node restarted: none of its processes had stayed alive.",
    facts,
    needsDecision: false,
  };
}

/** Beside the key lies the identity of another node: this database came to it from elsewhere. */
function isAnotherInstallation({ now, identity }: VerdictInput): boolean {
  return now.identityBesideKey !== null && now.identityBesideKey !== identity;
}

/** The same key at another place *and* in another file: somebody copied it. A mounted secret keeps its path. */
function isCopiedKeyFile(then: Evidence, now: Evidence): boolean {
  return (
    then.keyFile !== null &&
    now.keyFile !== null &&
    then.keyFile.path !== now.keyFile.path &&
    then.keyFile.inode !== now.keyFile.inode
  );
}

function differs(then: Evidence["console"], now: Evidence["console"]): boolean {
  return then !== null && now !== null && !sameParts(then, now);
}

function sameDatabase(then: Evidence, now: Evidence): boolean {
  return (
    then.database.systemId === now.database.systemId &&
    then.database.oid === now.database.oid &&
    then.database.name === now.database.name
  );
}

function isRewound({ highWater, age }: VerdictInput): boolean {
  if (!highWater) return false;
  return highWater.auditSeq > age.auditSeq || highWater.beat > age.beat || !age.holdsAudit;
}

function byHowMuch({ highWater, age }: VerdictInput): string {
  if (!highWater || !age.lastAt) return "";
  const records = highWater.auditSeq - age.auditSeq;
  const since = `it had come as far as ${highWater.at}, and now ends at ${age.lastAt}`;
  return records > 0
    ? `: ${since}; ${records} audit ${records === 1 ? "record is" : "records are"} missing`
    : `: ${since}`;
}

function whyMovedOrCopy(seen: { key: boolean; keyFile: boolean; place: boolean }): string {
  const why = [
    ...(seen.key ? ["its key is not the one it had"] : []),
    ...(seen.keyFile ? ["its key file lies at another place"] : []),
    ...(seen.place ? ["its console has another address, on another host"] : []),
  ];
  return why.join("; ");
}

function factsOf(
  input: VerdictInput,
  strong: { key: boolean; keyFile: boolean; place: boolean },
): Fact[] {
  const { then, now, identity, highWater, age } = input;
  const fact = (
    name: FactName,
    before: string | null,
    after: string | null,
    isStrong: boolean,
  ): Fact => ({
    name,
    then: before,
    now: after,
    // What was not known then, or is not told now, explains nothing.
    grade:
      before === null || after === null || before === after
        ? isStrong && before !== after
          ? "strong"
          : "same"
        : isStrong
          ? "strong"
          : "weak",
  });
  const isDatabaseMoved = then !== null && !sameDatabase(then, now);
  const rewound = isRewound(input);
  return [
    fact("installation", identity, now.identityBesideKey, isAnotherInstallation(input)),
    fact(
      "key",
      then?.keyId ?? null,
      now.keyId,
      strong.key && then !== null && then.keyId !== now.keyId,
    ),
    fact("key_file", keyFileWords(then), keyFileWords(now), strong.keyFile),
    fact(
      "console",
      then?.console ? fromParts(then.console) : null,
      now.console ? fromParts(now.console) : null,
      strong.place,
    ),
    fact("label", then?.label ?? null, now.label, false),
    fact(
      "database_server",
      then?.database.systemId ?? null,
      now.database.systemId,
      isDatabaseMoved && then?.database.systemId !== now.database.systemId,
    ),
    fact("database", databaseWords(then), databaseWords(now), isDatabaseMoved),
    {
      name: "database_age",
      then: highWater ? ageWords(highWater.auditSeq, highWater.beat, highWater.at) : null,
      now: ageWords(age.auditSeq, age.beat, age.lastAt),
      grade: rewound ? "strong" : "same",
    },
    fact("machine", then?.machineId ?? null, now.machineId, false),
    fact("boot", then?.bootId ?? null, now.bootId, false),
    fact("host", then?.host ?? null, now.host, strong.place),
    fact("addresses", then?.addresses.join(", ") ?? null, now.addresses.join(", "), false),
    fact("container", then?.container ?? null, now.container, false),
  ];
}

function keyFileWords(evidence: Evidence | null): string | null {
  return evidence?.keyFile ? `${evidence.keyFile.path} (file ${evidence.keyFile.inode})` : null;
}

function databaseWords(evidence: Evidence | null): string | null {
  return evidence ? `${evidence.database.name} (${evidence.database.oid})` : null;
}

function ageWords(auditSeq: number, beat: number, at: string | null): string {
  return `audit record ${auditSeq}${at ? ` of ${at}` : ""}, heartbeat ${beat}`;
}
