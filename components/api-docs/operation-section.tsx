import type { ReactNode } from "react";
import { Members, Type } from "@/components/api-docs/members";
import { MethodMark } from "@/components/api-docs/method-mark";
import { membersOf, type Schemas, sampleOf } from "@/components/api-docs/schema-words";
import { Words } from "@/components/api-docs/words";
import type { Answer, Described, JsonSchema, Parameter } from "@/lib/api/document";

/** One operation: what it is for, what it takes, what it answers, and how it is called. */
export function OperationSection({
  method,
  path,
  operation,
  schemas,
}: {
  method: string;
  path: string;
  operation: Described;
  schemas: Schemas;
}) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content["application/json"]?.schema;
  const told = Object.entries(responses).filter(
    (each): each is [string, Answer] => !("$ref" in each[1]),
  );
  const [done] = told.filter(([status]) => Number(status) < 300);
  const answer = done && Object.entries(done[1].content)[0];
  return (
    <article
      id={operationId}
      className="scroll-mt-4 border-t border-line px-4 py-5 first:border-t-0 md:px-5"
    >
      <h3 className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="inline-flex items-baseline gap-2 font-mono">
          <MethodMark method={method} />
          <a href={`#${operationId}`} className="break-all hover:underline">
            {path}
          </a>
        </span>
        <span className="font-normal text-soft">{summary}.</span>
      </h3>
      <div className="mt-3 grid gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,26rem)]">
        <div className="flex min-w-0 flex-col gap-4">
          {description && (
            <p className="max-w-prose">
              <Words>{description}</Words>
            </p>
          )}
          <p className="text-small text-soft">{whoMay(operation)}</p>
          {parameters.length > 0 && (
            <Part title="Parameters">
              <Members members={parameters.map(toMember)} isAnswer={false} />
            </Part>
          )}
          {body && membersOf(body).length > 0 && (
            <Part title={requestBody?.required ? "Body" : "Body, which may be left out"}>
              <Members members={membersOf(body)} isAnswer={false} />
            </Part>
          )}
          {answer && (
            <Part title={`Answer ${done[0]}`}>
              <AnswerOf type={answer[0]} schema={answer[1].schema} />
            </Part>
          )}
          <Part title="Refusals of its own">
            <Refusals told={told.filter(([status]) => Number(status) >= 300)} />
          </Part>
        </div>
        <Example {...{ method, path, parameters, body, schemas }} />
      </div>
    </article>
  );
}

function whoMay({ "x-least-role": least, parameters = [] }: Described): string {
  const role = {
    viewer: "Any token may call it.",
    operator: "For tokens of operators and administrators.",
    administrator: "For tokens of administrators.",
  };
  const who = least ? role[least as keyof typeof role] : "Open to everybody.";
  return parameters.some(({ name }) => name === "Idempotency-Key")
    ? `${who} Takes an Idempotency-Key.`
    : who;
}

function toMember({ name, required, schema, description }: Parameter) {
  return {
    name,
    isRequired: required,
    schema: description === undefined ? schema : { ...schema, description },
    members: [],
  };
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h4 className="mb-1 text-small font-semibold text-soft">{title}</h4>
      {children}
    </div>
  );
}

function AnswerOf({ type, schema }: { type: string; schema: JsonSchema }) {
  const members = membersOf(schema);
  if (type !== "application/json") return <p className="font-mono">{type}</p>;
  return members.length > 0 ? <Members members={members} isAnswer /> : <Type schema={schema} />;
}

function Refusals({ told }: { told: [string, Answer][] }) {
  if (told.length === 0) return <p className="text-soft">Only those that every call may meet.</p>;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
      {told.map(([status, { description }]) => (
        <div key={status} className="contents">
          <dt className="font-mono">{status}</dt>
          <dd className="text-soft">
            <Words>{description}</Words>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Example({
  method,
  path,
  parameters,
  body,
  schemas,
}: {
  method: string;
  path: string;
  parameters: Parameter[];
  body: JsonSchema | undefined;
  schemas: Schemas;
}) {
  const isSecret = !path.startsWith("/health") && !path.startsWith("/openapi");
  const query = parameters
    .filter((each) => each.in === "query" && each.required)
    .map(({ name }) => `${name}=PROD-12`)
    .join("&");
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = parameters.find((each) => each.name === name)?.schema ?? {};
    return schema.format === "uuid" ? String(sampleOf(schema, schemas)) : "12";
  });
  const sample = body && sampleOf(body, schemas);
  const hasBody = sample !== undefined && Object.keys(sample as object).length > 0;
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"$CONSOLE/api/v1${place}${query ? `?${query}` : ""}"`,
    ...(isSecret ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...(parameters.some(({ name }) => name === "Idempotency-Key")
      ? [`-H "Idempotency-Key: $(uuidgen)"`]
      : []),
    ...(hasBody
      ? [`-H "Content-Type: application/json"`, `-d '${JSON.stringify(sample, null, 2)}'`]
      : []),
  ];
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Example of ${method} ${path}`}
      className="h-fit overflow-x-auto rounded-control border border-line bg-canvas p-3"
    >
      <pre className="font-mono text-small">{lines.join(" \\\n  ")}</pre>
    </section>
  );
}
