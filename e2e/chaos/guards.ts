import type { Patch } from "@/e2e/chaos/build";

/** A change to one SQL function, or statements to run, in the chaos's own databases. */
export type SqlPatch = { change: string; from: RegExp; to: string } | { run: string };

/** One protection, and how to take it out of a test build. Names as in lib/gate/transitions.ts where it is there. */
export type Guard = {
  name: string;
  without: string;
  /** The finding that shows it; others may come before, and do not count. */
  noticedBy: RegExp;
  sql?: SqlPatch[];
  build?: Patch[];
};

const CLOSED = /while the gate is closed/;
const OPENED = /nobody opened|only an administrator opens/;
const ONE_WORKER = /one pair, one worker/;
const LIFE = /a life ends/;
/** Not merely that something still waits. */
const DIFFERENT = /twice: (?!.*entries wait)/;

const inFunction = (change: string, from: RegExp, to = ""): SqlPatch => ({ change, from, to });

export const GUARDS: Guard[] = [
  {
    name: "GATE_LOCK",
    without: "a permit is granted without the GATE lock",
    noticedBy: CLOSED,
    sql: [inFunction("grant_permit", /perform pg_advisory_xact_lock_shared\(2, 0\);/)],
  },
  {
    name: "FENCE_CURRENT",
    without: "a permit is granted whatever fence it is asked for under",
    noticedBy: CLOSED,
    sql: [
      inFunction(
        "grant_permit",
        /if g\.incarnation <> p_incarnation then return [^;]*; end if;\s+if g\.epoch <> p_epoch then return [^;]* end; end if;/,
      ),
    ],
  },
  {
    name: "CLAIM_CURRENT",
    without: "a permit is granted though the claim was lost",
    noticedBy: /for a claim that was lost|one pair, one worker/,
    sql: [
      inFunction(
        "grant_permit",
        /and state = 'running' and attempt = p_attempt and claimed_by = p_worker\s+and incarnation = p_incarnation and epoch = p_epoch/,
      ),
    ],
  },
  {
    name: "BEGIN_SHUTS",
    without: "a new life leaves the gate as it is",
    noticedBy: OPENED,
    sql: [
      inFunction("begin_incarnation", /state = case when exists [^;]*? end\s/, "state = state "),
      // It would stop this one as well.
      { run: "drop trigger gate_moves_by_the_table on gate" },
    ],
  },
  {
    name: "ENTRY_WAITING",
    without: "entries are claimed without a lock, by several workers at once",
    noticedBy: ONE_WORKER,
    sql: [
      inFunction("claim_entries", /continue when not pg_try_advisory_xact_lock\(3, c\.id\);/),
      inFunction("claim_entries", /for update skip locked/),
    ],
  },
  {
    name: "PAIR_NOT_ON_WIRE",
    without: "an entry is claimed though a write for its pair may still land",
    noticedBy: ONE_WORKER,
    sql: [
      inFunction(
        "claim_entries",
        /and not exists \(select from permit p where p\.pair_id = e\.pair_id and p\.outcome = 'open'\s+and p\.deadline_at \+ permit_margin\(\) > sync_now\(\)\)/,
      ),
    ],
  },
  {
    name: "NOTHING_UNANSWERED",
    without: "a pair is planned as if every write had been answered",
    noticedBy: DIFFERENT,
    build: [
      {
        file: "lib/sync/permit-store.ts",
        from: /where p\.pair_id = \$1 and p\.granted_at/,
        to: "where false and p.pair_id = $1 and p.granted_at",
      },
    ],
  },
  {
    name: "OWN_QUESTION",
    without: "a heartbeat that is stored in the database answers questions",
    noticedBy: /a life ends|nobody opened/,
    sql: [
      {
        run: `
          create function answer_from_heartbeat() returns trigger language plpgsql as $$
          begin
            select w.id, sync_now(), g.incarnation, g.epoch
              into new.answered_by, new.answered_at, new.answer_incarnation, new.answer_epoch
              from gate g join worker w on w.incarnation = g.incarnation
             where w.seen_at > sync_now() - interval '15 seconds' limit 1;
            return new;
          end $$;
          create trigger answer_from_heartbeat before insert on question
            for each row execute function answer_from_heartbeat();`,
      },
    ],
  },
  {
    name: "ANSWER_AT_THIS_EPOCH",
    without: "a starter joins on an answer of any epoch",
    noticedBy: LIFE,
    build: [{ file: "lib/gate/start-store.ts", from: / and q\.answer_epoch = g\.epoch/, to: "" }],
  },
  {
    name: "NO_PERMIT_OPEN",
    without: "a closing ends although a write is on the wire",
    noticedBy: /inactive means|while the gate is closed/,
    sql: [
      inFunction("settle_closing", /and not exists \(select from permit where outcome = 'open'\)/),
    ],
  },
  {
    name: "TIME_IS_UP",
    without: "a closing gives up permits whose writes may still begin",
    noticedBy: CLOSED,
    sql: [
      inFunction(
        "settle_closing",
        /where outcome = 'open' and deadline_at \+ permit_margin\(\) <= sync_now\(\)/,
        "where outcome = 'open'",
      ),
    ],
  },
  {
    name: "PERMIT_FRESH",
    without: "a write begins however old its permit is",
    noticedBy: /no write begins|one pair, one worker/,
    build: [
      {
        file: "lib/connectors/http.ts",
        from: /if \(performance\.now\(\) > beginBefore\)/,
        to: "if (performance.now() < 0)",
      },
    ],
  },
  {
    name: "SAME_SERVER",
    without: "a life goes on when the database has restarted",
    noticedBy: LIFE,
    build: [
      {
        file: "lib/gate/life.ts",
        from: /if \(now\.server\.startedAt !== before\.server\.startedAt\) return "[^"]*";/,
        to: "",
      },
    ],
  },
  {
    name: "CLAIM_STANDS",
    without: "a permit is granted though another node holds the claim at the instance",
    noticedBy: /another node holds the claim/,
    sql: [inFunction("claim_stands", /select exists \([\s\S]*\)(?=\s*\$)/, "select true")],
  },
  {
    name: "VERSION_AS_CLAIMED",
    without: "an entry leaves the queue though it changed while it ran",
    noticedBy: DIFFERENT,
    sql: [inFunction("complete_entry", /and version = claimed_version/)],
  },
];
