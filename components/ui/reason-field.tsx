import type { ComponentProps } from "react";

/** An optional reason, kept in the audit beside the name of who acted. */
export function ReasonField({
  label = "Reason",
  className = "",
  placeholder,
  ...rest
}: { label?: string } & ComponentProps<"input">) {
  return (
    <label className={`flex flex-col gap-1 ${className}`}>
      <span className="font-medium">
        {label} <span className="font-normal text-soft">(optional, kept in the audit)</span>
      </span>
      <input
        name="reason"
        maxLength={500}
        autoComplete="off"
        className={fieldClass}
        // So that an example is not taken for what is already there.
        placeholder={placeholder && `e.g. ${placeholder}`}
        {...rest}
      />
    </label>
  );
}

export const fieldClass =
  "h-9 w-full rounded-control border border-control bg-surface px-3 text-ink placeholder:text-soft";
