/** What a look at the whole chain has found, for a person. */
export type VerificationReport = {
  checked: number;
  first: { seq: number; at: string } | null;
  last: { seq: number; at: string } | null;
  /** Whether a head that was seen earlier is known: without it, nobody notices records gone from the end. */
  hasMark: boolean;
  /** What has to be looked into, as sentences; the first fifty of `amissCount`. */
  amiss: string[];
  amissCount: number;
  /** What only says that something cannot be checked. */
  notes: string[];
  at: string;
  tookMs: number;
};
