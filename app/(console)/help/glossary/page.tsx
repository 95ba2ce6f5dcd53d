import type { Metadata } from "next";
import { Meaning } from "@/components/help/meaning";
import { Panel } from "@/components/ui/panel";
import { requirePermission } from "@/lib/data/viewer";
import { anchorOf, GLOSSARY } from "@/lib/glossary";

export const metadata: Metadata = { title: "Glossary" };

export default async function GlossaryPage() {
  await requirePermission("gate:read");
  return (
    <>
      <h1 className="text-title font-semibold">Glossary</h1>
      <Panel title="One word per thing">
        <dl className="divide-y divide-line">
          {Object.entries(GLOSSARY).map(([word, meaning]) => (
            <div
              key={word}
              id={anchorOf(word)}
              className="grid scroll-mt-4 gap-x-6 px-4 py-2.5 target:bg-selected md:grid-cols-[14rem_1fr]"
            >
              <dt className="font-medium">
                <a href={`#${anchorOf(word)}`} className="hover:underline">
                  {word}
                </a>
              </dt>
              <dd className="max-w-prose text-soft">
                <Meaning text={meaning} />
              </dd>
            </div>
          ))}
        </dl>
      </Panel>
    </>
  );
}
