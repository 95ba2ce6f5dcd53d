import type { Http, PersonQuery } from "@/lib/connectors/connector";
import { describeCustom, SYSTEM } from "@/lib/connectors/redmine/fields";
import { ifAllowed, type ListsOf } from "@/lib/connectors/redmine/lists";
import { customFieldList } from "@/lib/connectors/redmine/schema";
import type { FieldDescription, SideDescription } from "@/lib/sync/description";
import type { Person } from "@/lib/sync/replica";

/**
 * What issues of a project may look like. Of custom fields Redmine tells only administrators what they hold:
 * with another account they are taken for texts.
 */
export async function describeSide(
  http: Http,
  { issueType }: { issueType: string },
  listsOfSide: ListsOf,
): Promise<SideDescription> {
  listsOfSide.forget();
  const [lists, people, custom] = await Promise.all([
    listsOfSide.lists(),
    ifAllowed(listsOfSide.people),
    ifAllowed(() => http.read(customFieldList, "/custom_fields.json")),
  ]);
  const names = (list: { name: string }[]) => list.map(({ name }) => name);
  const known = new Map(custom?.custom_fields.map((field) => [field.id, field]));
  const system = Object.entries(SYSTEM).map(([id, { name, kind, attribute, list }]) => ({
    id,
    name,
    kind,
    allowed: list && list !== "person" ? names(lists[list]) : null,
    isRequired: id === "summary",
    canWrite: attribute !== null,
  }));
  const own = lists.customFields.flatMap((field): FieldDescription[] => {
    const definition = known.get(field.id);
    const trackers = definition?.trackers;
    return trackers?.some(({ name }) => name === issueType) === false
      ? []
      : [describeCustom(field, definition)];
  });
  return {
    types: names(lists.type),
    statuses: names(lists.status),
    fields: [...system, ...own],
    people,
  };
}

/** Somebody by login, address or name; null when nobody or more than one fits. */
export function findPerson(people: Person[], query: PersonQuery): Person | null {
  const [how, wanted] = Object.entries(query)[0] as [keyof Person, string];
  const fitting = people.filter((each) => each[how]?.toLowerCase() === wanted.toLowerCase());
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
