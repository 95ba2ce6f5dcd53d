"use client";
import { useNow, useTimeZone } from "@/components/ui/clock";
import { age, ago, clockTime, exactTime } from "@/components/ui/time-words";

/**
 * A moment, told the way the place needs it: how long ago (`ago`), how old (`age`), or the time of day
 * (`clock`). The exact moment, with its zone, shows on hover and when its row has the focus.
 */
export function Moment({
  at,
  as = "ago",
  align = "end",
}: {
  at: string;
  as?: "ago" | "age" | "clock";
  align?: "start" | "end";
}) {
  const now = useNow();
  const timeZone = useTimeZone();
  const words =
    as === "clock" ? clockTime(at, now, timeZone) : as === "age" ? age(at, now) : ago(at, now);
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
