"use client";
import { useId, useState } from "react";
import { unbroken } from "@/components/charts/scale";

const STEP = 10;
const HEIGHT = 100;

/** What a chart is coloured by: what it says, not how it looks. */
export const CHART_TONES = {
  plain: "text-running-text",
  waiting: "text-closed-text",
  error: "text-error-text",
} as const;

/**
 * One value over time. A reader moves along it by pointer or by arrow keys; each step then says its
 * moment and value. Null is a gap: nobody looked. The table for those who cannot see it stands beside it.
 */
export function TimeChart({
  title,
  shape,
  tone,
  points,
  end,
  words,
  summary,
  stepName,
  ticks,
}: {
  title: string;
  shape: "line" | "bars";
  tone: keyof typeof CHART_TONES;
  points: readonly { at: string; value: number | null }[];
  /** Where the axis ends. */
  end: number;
  words: (value: number) => string;
  /** What stands in the head while nobody points at a step. */
  summary: string;
  /** The moment of a step in words. */
  stepName: (at: string) => string;
  ticks: (at: string) => string;
}) {
  const [shown, setShown] = useState<number | null>(null);
  const titleId = useId();
  const width = points.length * STEP;
  const step = shown === null ? undefined : points[shown];
  const told =
    step && `${stepName(step.at)} · ${step.value === null ? "not known" : words(step.value)}`;
  const y = (value: number) => HEIGHT - (value / end) * HEIGHT;
  const tickAt = [0, 1 / 3, 2 / 3].map((part) => points[Math.round(part * points.length)]);
  return (
    <figure className="flex min-w-0 flex-col gap-2 rounded-panel border border-line bg-surface px-4 py-3">
      <figcaption className="flex items-baseline justify-between gap-3">
        <span id={titleId} className="font-semibold whitespace-nowrap">
          {title}
        </span>
        <span className="truncate text-soft">{told ?? summary}</span>
      </figcaption>
      <div className="grid grid-cols-[auto_1fr] gap-x-2">
        <div
          aria-hidden="true"
          className="flex w-12 flex-col justify-between text-right text-small leading-none text-soft"
        >
          <span>{words(end)}</span>
          <span>{words(0)}</span>
        </div>
        <div className="relative h-28">
          <svg
            aria-hidden="true"
            viewBox={`0 0 ${width} ${HEIGHT}`}
            preserveAspectRatio="none"
            className={`absolute inset-0 size-full overflow-visible ${CHART_TONES[tone]}`}
          >
            {[0, HEIGHT / 2, HEIGHT].map((at) => (
              <line
                key={at}
                x1="0"
                x2={width}
                y1={at}
                y2={at}
                stroke="var(--color-line)"
                vectorEffect="non-scaling-stroke"
              />
            ))}
            {shape === "bars" ? (
              <Bars points={points} y={y} />
            ) : (
              <Lines values={points.map(({ value }) => value)} y={y} />
            )}
            {shown !== null && (
              <line
                x1={(shown + 0.5) * STEP}
                x2={(shown + 0.5) * STEP}
                y1="0"
                y2={HEIGHT}
                stroke="var(--color-ink)"
                vectorEffect="non-scaling-stroke"
              />
            )}
          </svg>
          {/* The browser's own control gives the keys, the pointer and the words to a screen reader. */}
          <input
            type="range"
            min={0}
            max={Math.max(0, points.length - 1)}
            value={shown ?? Math.max(0, points.length - 1)}
            aria-labelledby={titleId}
            aria-valuetext={told ?? summary}
            className="chart-range absolute inset-0 size-full"
            onChange={(event) => setShown(Number(event.target.value))}
            onFocus={() => setShown((now) => now ?? points.length - 1)}
            onBlur={() => setShown(null)}
            onPointerMove={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const part = (event.clientX - box.left) / box.width;
              setShown(Math.min(points.length - 1, Math.max(0, Math.floor(part * points.length))));
            }}
            onPointerLeave={() => setShown(null)}
          />
        </div>
        <div
          aria-hidden="true"
          className="col-start-2 mt-1.5 flex justify-between text-small whitespace-nowrap text-soft"
        >
          {tickAt.map((point, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: three places of an axis, always the same
            <span key={index}>{point ? ticks(point.at) : ""}</span>
          ))}
          <span>now</span>
        </div>
      </div>
    </figure>
  );
}

function Bars({
  points,
  y,
}: {
  points: readonly { at: string; value: number | null }[];
  y: (value: number) => number;
}) {
  return points.map(({ at, value }, index) => {
    if (!value) return null;
    // A little that happened is not nothing.
    const top = Math.min(y(value), HEIGHT - 2);
    return (
      <rect
        key={at}
        x={index * STEP + 1}
        width={STEP - 2}
        y={top}
        height={HEIGHT - top}
        fill="currentColor"
      />
    );
  });
}

function Lines({ values, y }: { values: (number | null)[]; y: (value: number) => number }) {
  return unbroken(values).map((part) => {
    const first = part[0]?.[0] ?? 0;
    const last = part.at(-1)?.[0] ?? first;
    // Each step is as wide as it lasted, so that a single one can be seen.
    const line = part
      .map(([index, value]) => `L${index * STEP} ${y(value)}L${(index + 1) * STEP} ${y(value)}`)
      .join("")
      .replace("L", "M");
    return (
      <g key={first}>
        <path
          d={`${line}L${(last + 1) * STEP} ${HEIGHT}L${first * STEP} ${HEIGHT}Z`}
          fill="currentColor"
          opacity="0.14"
        />
        <path
          d={line}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      </g>
    );
  });
}

/** A value over time in the height of a row. The number beside it says what matters. */
export function Sparkline({
  values,
  end,
  shape,
  tone,
}: {
  values: (number | null)[];
  end: number;
  shape: "line" | "bars";
  tone: keyof typeof CHART_TONES;
}) {
  const y = (value: number) => HEIGHT - (value / end) * HEIGHT;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${values.length * STEP} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`h-6 w-full min-w-16 border-b border-line ${CHART_TONES[tone]}`}
    >
      {shape === "bars" ? (
        <Bars points={values.map((value, index) => ({ at: String(index), value }))} y={y} />
      ) : (
        <Lines values={values} y={y} />
      )}
    </svg>
  );
}
