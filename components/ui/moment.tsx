"use client";
import { useNow, useTimeZone } from "@/components/ui/clock";
import {
  age,
  ago,
  clockSecond,
  clockTime,
  exactTime,
  lately,
  until,
} from "@/components/ui/time-words";

const RELATIVE = { ago, age, until, lately };

/**
 * A moment, told the way the place needs it: how long ago (`ago`), how old (`age`), how long still
 * (`until`), in seconds (`lately`), or the time of day (`clock`, `second`). The exact moment, with its
 * zone, shows on hover and when its row has the focus.
 */
export function Moment({
  at,
  as = "ago",
  align = "end",
}: {
  at: string;
  as?: keyof typeof RELATIVE | "clock" | "second";
  align?: "start" | "end";
}) {
  const now = useNow();
  const timeZone = useTimeZone();
  const words =
    as === "clock"
      ? clockTime(at, now, timeZone)
      : as === "second"
        ? clockSecond(at, timeZone)
        : RELATIVE[as](at, now);
  return (
    <time className="moment" dateTime={at} data-exact={exactTime(at, timeZone)} data-align={align}>
      {words}
    </time>
  );
}

/** A moment in full, for lists where one compares. */
export function ExactMoment({ at }: { at: string }) {
  const timeZone = useTimeZone();
  return (
    <time className="whitespace-nowrap" dateTime={at}>
      {exactTime(at, timeZone)}
    </time>
  );
}
