import type { ComponentProps } from "react";

/** Told by its outline: a solid button that is only paler still looks open on a dark ground. */
const SHUT =
  "disabled:border-dashed disabled:border-control disabled:bg-transparent disabled:text-soft disabled:opacity-100";

const LOOKS = {
  primary: `bg-ink text-on-ink border-transparent hover:opacity-90 ${SHUT}`,
  plain: "bg-surface text-ink border-line hover:bg-hover",
  danger: `bg-error text-on-error border-transparent hover:opacity-90 ${SHUT}`,
  quiet: "bg-transparent text-ink border-transparent hover:bg-hover",
  /** On a coloured bar: takes the bar's own ink. */
  bar: "bg-transparent border-current hover:bg-black/10",
  barSolid: "bg-on-closed text-closed border-transparent hover:opacity-90",
} as const;

const SIZES = { normal: "h-9 px-3", small: "h-7 px-2" } as const;

type Look = { look?: keyof typeof LOOKS; size?: keyof typeof SIZES };

export function buttonClass({ look = "plain", size = "normal" }: Look = {}): string {
  return `inline-flex items-center justify-center gap-2 rounded-control border font-medium whitespace-nowrap transition-[background-color,opacity] disabled:opacity-50 ${SIZES[size]} ${LOOKS[look]}`;
}

export function Button({ look, size, className = "", ...rest }: ComponentProps<"button"> & Look) {
  return (
    <button type="button" className={`${buttonClass({ look, size })} ${className}`} {...rest} />
  );
}
