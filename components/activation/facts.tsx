import {
  byWeight,
  FACTS,
  sameSummary,
  sameWords,
  weakWords,
} from "@/components/activation/fact-words";
import { Told } from "@/components/activation/told";
import { Mark } from "@/components/ui/mark";
import type { Fact } from "@/lib/identity/verdict";

/** What the verdict rests on: then and now. What differs is open; what is as before is one quiet line. */
export function Facts({ facts }: { facts: Fact[] }) {
  const differing = byWeight(facts).filter(({ grade }) => grade !== "same");
  const same = facts.filter(({ grade }) => grade === "same");
  // At a first start there is nothing to compare with: the names alone would tell nobody anything.
  const compared = same.some((fact) => sameWords(fact) === "as before") ? same : [];
  return (
    <section
      id="facts"
      aria-label="Facts"
      className="scroll-mt-40 border-t border-line md:scroll-mt-4"
    >
      {differing.length > 0 && (
        <ul className="divide-y divide-line">
          {differing.map((fact) => (
            <FactLine key={fact.name} fact={fact} />
          ))}
        </ul>
      )}
      {same.length > 0 && (
        <details className={`group ${differing.length > 0 ? "border-t border-line" : ""}`}>
          <summary className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-soft hover:bg-hover">
            <span className="flex items-center gap-1.5 font-medium text-ink">
              <Mark name="chevron" className="size-3 group-open:rotate-90" />
              {sameSummary(facts)}
            </span>
            {compared.length > 0 && (
              <span className="flex flex-wrap gap-x-3 gap-y-1 group-open:hidden">
                {compared.map((fact) => (
                  <span key={fact.name} className="inline-flex items-center gap-1">
                    <SameMark fact={fact} />
                    {FACTS[fact.name].name}
                  </span>
                ))}
              </span>
            )}
          </summary>
          <ul className="divide-y divide-line border-t border-line">
            {same.map((fact) => (
              <FactLine key={fact.name} fact={fact} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { name, tells } = FACTS[fact.name];
  return (
    <li className="grid gap-x-6 gap-y-1 px-4 py-2.5 md:grid-cols-[minmax(0,18rem)_minmax(0,1fr)_minmax(0,1fr)]">
      <div>
        <p className="flex items-center gap-2 font-medium">
          <GradeMark fact={fact} />
          {name}
        </p>
        <p className="pl-5.5 text-small text-soft">
          {fact.grade === "strong" && (
            <strong className="font-semibold text-error-text">differs. </strong>
          )}
          {fact.grade === "weak" && <span className="text-ink">{weakWords(fact)}. </span>}
          {fact.grade === "same" && sameWords(fact) !== "as before" && `${sameWords(fact)}. `}
          {fact.grade === "same" ? null : tells}
        </p>
      </div>
      <dl className="grid gap-x-6 gap-y-1 pl-5.5 md:col-span-2 md:grid-cols-2 md:pl-0">
        {fact.then === fact.now ? (
          <Told name="Then and now" value={fact.now} isNameHidden />
        ) : (
          <>
            <Told name="Then" value={fact.then} />
            <Told name="Now" value={fact.now} isLoud={fact.grade === "strong"} />
          </>
        )}
      </dl>
    </li>
  );
}

function GradeMark({ fact }: { fact: Fact }) {
  if (fact.grade === "strong") return <Mark name="error" className="size-3.5 text-error-text" />;
  if (fact.grade === "weak") return <Mark name="differs" className="size-3.5 text-soft" />;
  return <SameMark fact={fact} />;
}

function SameMark({ fact }: { fact: Fact }) {
  return sameWords(fact) === "as before" ? (
    <Mark name="done" className="size-3.5 text-fine" />
  ) : (
    <Mark name="gone" className="size-3.5 text-soft" />
  );
}
