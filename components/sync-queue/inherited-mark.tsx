import { Mark } from "@/components/ui/mark";

/** An entry that came with a copy: set aside until a person releases or discards it. */
export function InheritedMark({ withWord = true }: { withWord?: boolean }) {
  return (
    <span
      className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap text-closed-text"
      title="Came with the copy; set aside until somebody releases it"
    >
      <Mark name="inherited" />
      <span className={withWord ? "" : "sr-only"}>inherited</span>
    </span>
  );
}
