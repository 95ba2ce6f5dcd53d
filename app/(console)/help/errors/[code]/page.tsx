import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Markdown } from "@/components/help/markdown";
import { Link } from "@/components/ui/link";
import { readErrorHelp } from "@/lib/data/help";
import { adviceFor } from "@/lib/error-log/advice";

type Props = { params: Promise<{ code: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: adviceFor((await params).code).title };
}

export default async function ErrorHelpPage({ params }: Props) {
  const { code } = await params;
  const page = await readErrorHelp(code);
  if (!page) notFound();
  return (
    <>
      <nav aria-label="Help" className="flex flex-wrap gap-4 text-soft">
        <Link href="/errors" className="hover:text-ink">
          ← Errors
        </Link>
        <Link href="/help/errors" className="hover:text-ink">
          All errors explained
        </Link>
      </nav>
      <article className="rounded-panel border border-line bg-surface px-4 py-5 md:px-6">
        <Markdown tree={page} />
        <p className="mt-5 text-small text-soft">
          Code <code className="font-mono">{code}</code>
        </p>
      </article>
    </>
  );
}
