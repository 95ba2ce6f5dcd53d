import { expect, test } from "vitest";
import { absenceOf } from "@/lib/sync/absence";

const new_ = { wasNoticed: false, wasTold: false };
const seen = { isListed: false, others: 20, othersListed: 19 };

test("one sweep that finds it neither by itself nor in a list of others only notices it", () => {
  expect(absenceOf(seen, new_)).toBe("noticed");
});

test("it counts as deleted when the instance told so, or a second sweep finds the same", () => {
  expect(absenceOf(seen, { wasNoticed: false, wasTold: true })).toBe("told");
  expect(absenceOf(seen, { wasNoticed: true, wasTold: false })).toBe("second_sweep");
});

test.for([
  ["no list could be had, or it was cut", null],
  ["it is in the list, so it is there", { isListed: true, others: 20, othersListed: 19 }],
  ["no other issue is in it: our rights may be gone", { ...seen, othersListed: 0 }],
  ["there is no other issue to compare with", { isListed: false, others: 0, othersListed: 0 }],
] as const)("nothing is concluded when %s, whatever was known", ([, list]) => {
  expect(absenceOf(list, { wasNoticed: true, wasTold: true })).toBe("unclear");
});
