import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { type Clock, readDate } from "@/e2e/simulators/jira-data-center/jql-dates";
import { compareBy, type JqlField, jqlField } from "@/e2e/simulators/jira-data-center/jql-fields";
import { type Clause, type Operand, parseJql } from "@/e2e/simulators/jira-data-center/jql-syntax";
import type { Issue, User } from "@/e2e/simulators/jira-data-center/records";
import {
  canSeeIssue,
  indexedIssues,
  type JiraState,
} from "@/e2e/simulators/jira-data-center/state";

type Test = (issue: Issue) => boolean;
type Reader = { state: JiraState; user: User | null; clock: Clock; validates: boolean };

/**
 * The issues that match, in order, as the index knows them. Dates are read in the zone of `user`.
 * An anonymous caller finds nothing and is told nothing: the same 200 as an empty result.
 */
export function search(
  state: JiraState,
  user: User | null,
  jql: string,
  validates = true,
  indexLagMs = state.indexLagMs,
): Issue[] {
  const query = parseJql(jql);
  const clock = { now: state.now(), zone: user?.timeZone ?? state.serverTimeZone };
  const reader = { state, user, clock, validates: validates && user !== null };
  const matches = query.where ? compile(query.where, reader) : () => true;
  const found = [...indexedIssues(state, indexLagMs)].filter(
    (issue) => canSeeIssue(state, user, issue) && matches(issue),
  );

  const sorts = query.sorts.length > 0 ? query.sorts : [{ field: "key", descending: true }];
  const orders = sorts.map((sort) => compareBy(jqlField(sort.field), state, sort.descending));
  return found.sort((one, other) => {
    for (const order of orders) {
      const difference = order(one, other);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Whether an issue as it is now, index or not, is one that the query finds for `user`; its order is ignored. */
export function matcher(state: JiraState, user: User, jql: string): (issue: Issue) => boolean {
  const { where } = parseJql(jql);
  const clock = { now: state.now(), zone: user.timeZone };
  return where ? compile(where, { state, user, clock, validates: false }) : () => true;
}

function compile(clause: Clause, reader: Reader): Test {
  if (clause.kind === "not") {
    const inner = compile(clause.part, reader);
    return (issue) => !inner(issue);
  }
  if (clause.kind !== "term") {
    const parts = clause.parts.map((part) => compile(part, reader));
    if (clause.kind === "and") return (issue) => parts.every((part) => part(issue));
    return (issue) => parts.some((part) => part(issue));
  }

  const field = jqlField(clause.field);
  if (!field.operators.includes(clause.operator)) {
    throw refusal(
      400,
      `The operator '${clause.operator}' is not supported by the '${clause.field}' field.`,
    );
  }
  const valuesOf = (issue: Issue) => field.values(issue, reader.state);
  if (clause.operator === "is") return (issue) => valuesOf(issue).length === 0;
  if (clause.operator === "is not") return (issue) => valuesOf(issue).length > 0;
  if (field.kind === "date") {
    const [operand] = clause.operands;
    return operand
      ? compareDate(field, clause.field, clause.operator, operand, reader)
      : () => false;
  }
  if (field.kind === "text") {
    const contains = textTest(clause.operands[0]?.text ?? "");
    const wanted = clause.operator === "~";
    return (issue) => valuesOf(issue).some((value) => contains(String(value))) === wanted;
  }
  const wanted = new Set(
    clause.operands.flatMap((operand) => readValues(field, clause.field, operand, reader)),
  );
  const isIn = (issue: Issue) => valuesOf(issue).some((value) => wanted.has(fold(value)));
  if (clause.operator === "=" || clause.operator === "in") return isIn;
  // Jira's != finds no issue whose field is empty.
  return (issue) => valuesOf(issue).length > 0 && !isIn(issue);
}

function compareDate(
  field: JqlField,
  name: string,
  operator: string,
  operand: Operand,
  { state, clock }: Reader,
): Test {
  const wanted = readDate(name, operand, clock);
  const compare: Record<string, (at: number) => boolean> = {
    "=": (at) => at === wanted,
    "!=": (at) => at !== wanted,
    ">=": (at) => at >= wanted,
    ">": (at) => at > wanted,
    "<=": (at) => at <= wanted,
    "<": (at) => at < wanted,
  };
  const test = compare[operator] ?? (() => false);
  return (issue) => field.values(issue, state).some((at) => test(Number(at)));
}

/** What an operand stands for, folded; nothing when it does not exist and the query is not validated. */
function readValues(field: JqlField, name: string, operand: Operand, reader: Reader): string[] {
  const { state, user, validates } = reader;
  if (operand.isFunction) {
    if (field.kind !== "user" || operand.text.toLowerCase() !== "currentuser") {
      throw refusal(400, `Unable to find JQL function '${operand.text}()'.`);
    }
    return user ? [fold(user.name)] : [];
  }
  const found = field.resolve?.(operand.text, state, user);
  if (found !== null) return [fold(found ?? operand.text)];
  if (validates) throw refusal(400, field.absent(name, operand.text));
  return [];
}

/** Words in any order and anywhere; a phrase in quotation marks as it stands; `*` for the rest of a word. */
function textTest(text: string): (value: string) => boolean {
  const words = (of: string): string[] => of.toLowerCase().match(/[\p{L}\p{N}]+\*?/gu) ?? [];
  const phrase = /^"(.*)"$/s.exec(text.trim());
  if (phrase) {
    const wanted = ` ${words(phrase[1] ?? "").join(" ")} `;
    return (value) => ` ${words(value).join(" ")} `.includes(wanted);
  }
  const wanted = words(text);
  return (value) => {
    const present = words(value);
    return wanted.every((word) =>
      word.endsWith("*")
        ? present.some((candidate) => candidate.startsWith(word.slice(0, -1)))
        : present.includes(word),
    );
  };
}

function fold(value: string | number): string {
  return String(value).toLowerCase();
}
