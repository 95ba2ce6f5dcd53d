import type { Wanted } from "@/lib/connectors/connector";
import { fieldIdOf } from "@/lib/connectors/jira-data-center/fields";
import type { JiraChangelog } from "@/lib/connectors/jira-data-center/schema";
import type { HistoryItem } from "@/lib/sync/history";
import type { FieldId, FieldValue } from "@/lib/sync/replica";

/** What Data Center's changelog calls fields, where that is neither their id nor the name of a field of ours. */
const CHANGELOG_NAMES: Record<string, FieldId> = {
  component: "components",
  "fix version": "fixVersions",
  issuetype: "type",
  "due date": "dueDate",
};

/**
 * Who changed what, oldest first. Data Center's changelog names fields in words, in any case; fields of the
 * instance's own by the name that people read, which `names` gives by id.
 */
export function toHistory(
  { histories }: JiraChangelog,
  names: Record<string, string>,
  wanted: readonly Wanted[],
): HistoryItem[] {
  const ids = new Map(
    Object.entries(names)
      .filter(([id]) => id.startsWith("customfield_"))
      .map(([id, name]) => [name.toLowerCase(), id]),
  );
  const kinds = new Map(wanted.map(({ id, kind }) => [id, kind]));
  const items = histories.flatMap(({ created, author, items: changed }) =>
    changed.map((item): HistoryItem => {
      const name = item.field.toLowerCase();
      const field = item.fieldId
        ? fieldIdOf(item.fieldId)
        : (CHANGELOG_NAMES[name] ?? ids.get(name) ?? fieldIdOf(name));
      const kind = kinds.get(field);
      const from = toValue(field, kind, item.from, item.fromString);
      const to = toValue(field, kind, item.to, item.toString);
      return {
        at: created,
        authorKey: author?.key ?? null,
        authorName: author?.displayName ?? author?.name ?? "Anonymous",
        field,
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      };
    }),
  );
  return items.sort((one, other) => one.at.localeCompare(other.at));
}

type Shown = string | null | undefined;

/** A value in the form that a reading has; `undefined` where the changelog holds it in another one. */
function toValue(
  field: FieldId,
  kind: Wanted["kind"] | undefined,
  id: Shown,
  text: Shown,
): FieldValue | undefined {
  switch (kind) {
    case "text":
    case "markup":
    case "option":
      return text;
    case "date":
      return id;
    case "number":
      return text == null || text === "" ? null : String(Number(text));
    case "options":
      // Components and versions have an item for each; other sets are shown in words.
      return field === "labels"
        ? (text ?? "").split(" ").filter((label) => label !== "")
        : undefined;
    default:
      return undefined;
  }
}
