import type { Metadata } from "next";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import { requirePermission } from "@/lib/data/viewer";
import { ADVICE, ERROR_CODES } from "@/lib/error-log/advice";

export const metadata: Metadata = { title: "Errors explained" };

export default async function ErrorHelpIndex() {
  await requirePermission("gate:read");
  const sorted = ERROR_CODES.toSorted((a, b) => ADVICE[a].title.localeCompare(ADVICE[b].title));
  return (
    <>
      <h1 className="text-title font-semibold">Errors explained</h1>
      <Panel title="What can stand in the way of being in step">
        <ul className="divide-y divide-line">
          {sorted.map((code) => (
            <li key={code} className="px-4 py-2">
              <Link href={`/help/errors/${code}`} className="font-medium text-link hover:underline">
                {ADVICE[code].title}
              </Link>
              <p className="max-w-prose text-soft">{ADVICE[code].next}</p>
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
