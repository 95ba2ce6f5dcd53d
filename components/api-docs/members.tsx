import { type Member, refName, typeWords } from "@/components/api-docs/schema-words";
import { Words } from "@/components/api-docs/words";

/** What is sent or answered: each member with what it takes, those inside of it below it. */
export function Members({ members, isAnswer }: { members: Member[]; isAnswer: boolean }) {
  return (
    <ul className="flex flex-col">
      {members.map((member) => (
        <li key={member.name} className="border-t border-line py-1.5 first:border-t-0">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <code className="font-mono font-medium break-all">{member.name}</code>
            <Type schema={member.schema} />
            {!isAnswer && member.isRequired && (
              <span className="text-small font-medium">required</span>
            )}
            {isAnswer && !member.isRequired && (
              <span className="text-small text-soft">if known</span>
            )}
          </p>
          <About schema={member.schema} />
          {member.members.length > 0 && (
            <div className="mt-1 ml-1 border-l border-line pl-3">
              <Members members={member.members} isAnswer={isAnswer} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function About({ schema }: { schema: Member["schema"] }) {
  const { description, default: usual } = schema;
  const isUsual = usual !== undefined && typeof usual !== "object";
  if (typeof description !== "string" && !isUsual) return null;
  return (
    <p className="text-soft">
      {typeof description === "string" && <Words>{description}</Words>}
      {isUsual && <Words>{` Left out: \`${String(usual)}\`.`}</Words>}
    </p>
  );
}

/** The words for a type; where it has a name of its own, they lead to it. */
export function Type({ schema }: { schema: Member["schema"] }) {
  const words = typeWords(schema);
  const items = schema.items as Member["schema"] | undefined;
  const choices = (schema.anyOf ?? []) as Member["schema"][];
  const name = [schema, items ?? {}, ...choices].map(refName).find((each) => each !== null);
  if (!name) return <span className="text-small break-words text-soft">{words}</span>;
  const [before, after] = words.split(name);
  return (
    <span className="text-small text-soft">
      {before}
      <a href={`#schema-${name}`} className="text-link underline">
        {name}
      </a>
      {after}
    </span>
  );
}
