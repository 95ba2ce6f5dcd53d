/** What a list of issues of one side said: whether this one is in it, and how many of the others that we know are. */
export type Listed = { isListed: boolean; others: number; othersListed: number };

/** What was known of its absence before. */
export type Known = {
  /** An earlier sweep found it gone. */
  wasNoticed: boolean;
  /** The instance told that it was deleted, since the pair was last in step. */
  wasTold: boolean;
};

/**
 * `unclear`: it may be our rights, or the search, and not the issue. `noticed`: gone, as far as one look can
 * tell. `told` and `second_sweep`: it counts as deleted, and by what.
 */
export type Absence = "unclear" | "noticed" | "told" | "second_sweep";

/**
 * What it means that an issue was answered 404. That alone says nothing: trackers answer the same for an issue
 * that was moved away or hidden from us. It is gone when a complete list leaves it out while others of the
 * connection are in it, so that our rights are as they were; and it counts as deleted when the instance said
 * so as well, or a second sweep finds the same. Nothing is ever deleted for it.
 */
export function absenceOf(list: Listed | null, known: Known): Absence {
  if (list === null || list.isListed || list.othersListed === 0) return "unclear";
  if (known.wasTold) return "told";
  return known.wasNoticed ? "second_sweep" : "noticed";
}
