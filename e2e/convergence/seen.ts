// What a person finds at a tracker, in a form that no tracker has of its own. It knows nothing of the product's code.

export type SeenComment = { author: string; body: string; isOurs: boolean; isPrivate: boolean };
export type SeenFile = { name: string; bytes: string; isOurs: boolean };
/** `day` is the moment in UTC, or as 2026-11-25 where a tracker knows no more. */
export type SeenWork = {
  author: string;
  day: string;
  seconds: number;
  comment: string;
  isOurs: boolean;
};
export type SeenLink = { type: string; toId: string };

export type Seen = {
  id: string;
  key: string;
  /** The twin that is noted on the issue, by id. */
  twinId: string | null;
  /** By the name that both trackers' fields are called here; a set of names is sorted, one per line. */
  fields: Record<string, string>;
  /** Oldest first. */
  comments: SeenComment[];
  files: SeenFile[];
  work: SeenWork[];
  links: SeenLink[];
  parentId: string | null;
};

export type SideName = "local" | "remote";
export const SIDES: readonly SideName[] = ["local", "remote"];
export const other = (side: SideName): SideName => (side === "local" ? "remote" : "local");
