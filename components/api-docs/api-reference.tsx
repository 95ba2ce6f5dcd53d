import { Members } from "@/components/api-docs/members";
import { MethodMark } from "@/components/api-docs/method-mark";
import { OperationSection } from "@/components/api-docs/operation-section";
import { membersOf, typeWords } from "@/components/api-docs/schema-words";
import { Words } from "@/components/api-docs/words";
import { Link } from "@/components/ui/link";
import { Panel } from "@/components/ui/panel";
import type { Answer, Described, OpenApiDocument } from "@/lib/api/document";

type Line = { method: string; path: string; operation: Described };

/** The API's description as a page: nothing but HTML, so that it can be read anywhere, printed and searched. */
export function ApiReference({ document }: { document: OpenApiDocument }) {
  const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
  const groups = document.tags
    .map(({ name, description }) => ({
      name,
      description,
      lines: lines.filter(({ operation }) => operation.tags.includes(name)),
    }))
    .filter((group) => group.lines.length > 0);
  return (
    <div className="mx-auto grid max-w-[1440px] gap-x-8 px-4 py-5 md:px-6 lg:grid-cols-[15rem_minmax(0,1fr)]">
      <nav
        aria-label="Operations"
        className="hidden lg:sticky lg:top-0 lg:block lg:h-dvh lg:overflow-y-auto lg:py-2"
      >
        <Contents groups={groups} />
      </nav>
      <main id="content" className="flex min-w-0 flex-col gap-6">
        <header className="flex flex-col gap-3">
          <h1 className="text-title font-semibold">The API of this console</h1>
          {document.info.description.split("\n\n").map((paragraph) => (
            <p key={paragraph} className="max-w-prose">
              <Words>{paragraph}</Words>
            </p>
          ))}
          <p>
            <Link href="/api/v1/openapi.json" prefetch={false} className="text-link underline">
              The same as OpenAPI {document.openapi}
            </Link>
          </p>
        </header>
        <nav aria-label="Operations, folded" className="lg:hidden">
          <details className="rounded-panel border border-line bg-surface px-4">
            <summary className="flex h-11 items-center font-semibold">All operations</summary>
            <Contents groups={groups} />
          </details>
        </nav>
        <Panel id="refusals" title="What every call may meet">
          <CommonRefusals refusals={document.components.responses} lines={lines} />
        </Panel>
        {groups.map((group) => (
          <Panel
            key={group.name}
            id={anchor(group.name)}
            title={group.name}
            aside={<span className="hidden sm:inline">{group.description}</span>}
          >
            <div>
              {group.lines.map((line) => (
                <OperationSection
                  key={line.operation.operationId}
                  {...line}
                  schemas={document.components.schemas}
                />
              ))}
            </div>
          </Panel>
        ))}
        <Panel id="schemas" title="Schemas" aside="What several answers hold">
          <div>
            {Object.entries(document.components.schemas).map(([name, schema]) => (
              <article
                key={name}
                id={`schema-${name}`}
                className="scroll-mt-4 border-t border-line px-4 py-4 first:border-t-0 md:px-5"
              >
                <h3 className="mb-1 font-semibold">{name}</h3>
                {typeof schema.description === "string" && (
                  <p className="text-soft">{schema.description}</p>
                )}
                {membersOf(schema).length > 0 ? (
                  <Members members={membersOf(schema)} isAnswer />
                ) : (
                  <p className="text-soft">{typeWords(schema)}</p>
                )}
              </article>
            ))}
          </div>
        </Panel>
      </main>
    </div>
  );
}

function anchor(group: string): string {
  return group.toLowerCase().replaceAll(" ", "-");
}

function Contents({ groups }: { groups: { name: string; lines: Line[] }[] }) {
  return (
    <ul className="flex flex-col gap-3 pb-3">
      {groups.map(({ name, lines }) => (
        <li key={name}>
          <a href={`#${anchor(name)}`} className="flex h-8 items-center font-semibold">
            {name}
          </a>
          <ul className="flex flex-col">
            {lines.map(({ method, path, operation }) => (
              <li key={operation.operationId}>
                <a
                  href={`#${operation.operationId}`}
                  title={operation.summary}
                  className="flex min-h-7 items-center rounded-control text-small hover:bg-hover"
                >
                  <MethodMark method={method} />
                  <span className="truncate font-mono text-soft">{path}</span>
                </a>
              </li>
            ))}
          </ul>
        </li>
      ))}
      <li>
        <a href="#schemas" className="flex h-8 items-center font-semibold">
          Schemas
        </a>
      </li>
    </ul>
  );
}

function CommonRefusals({ refusals, lines }: { refusals: Record<string, Answer>; lines: Line[] }) {
  const statusOf = (name: string) =>
    lines
      .flatMap(({ operation }) => Object.entries(operation.responses))
      .find(([, told]) => "$ref" in told && told.$ref.endsWith(`/${name}`))?.[0];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 px-4 py-3 md:px-5">
      {Object.entries(refusals).map(([name, { description }]) => (
        <div key={name} className="contents">
          <dt className="font-mono">{statusOf(name) ?? ""}</dt>
          <dd className="text-soft">
            <Words>{description}</Words>
          </dd>
        </div>
      ))}
    </dl>
  );
}
