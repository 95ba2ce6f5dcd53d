import { changeItem } from "@/e2e/simulators/jira-data-center/changes";
import { recordChange } from "@/e2e/simulators/jira-data-center/issues";
import type { Issue, IssueLink, LinkType, User } from "@/e2e/simulators/jira-data-center/records";
import { type JiraState, nextId, putIssue } from "@/e2e/simulators/jira-data-center/state";

/**
 * "source blocks destination". A second one of the same kind between the same two is none: the first is given back.
 * Both changelogs tell of it and both `updated` are bumped, but no `jira:issue_updated` is sent.
 */
export function linkIssues(
  state: JiraState,
  by: User,
  type: LinkType,
  source: Issue,
  destination: Issue,
): IssueLink {
  const known = [...state.links.values()].find(
    (link) =>
      link.typeId === type.id &&
      link.sourceId === source.id &&
      link.destinationId === destination.id,
  );
  if (known) return known;
  const link: IssueLink = {
    id: nextId(state, "link"),
    typeId: type.id,
    sourceId: source.id,
    destinationId: destination.id,
  };
  state.links.set(link.id, link);
  writeDown(state, by, type, source, destination, true);
  state.happened({ event: "issuelink_created", issue: source, by, at: state.now(), link });
  return link;
}

export function unlinkIssues(state: JiraState, by: User, link: IssueLink): void {
  const type = linkTypeOf(state, link);
  const source = state.issues.get(link.sourceId);
  const destination = state.issues.get(link.destinationId);
  state.links.delete(link.id);
  if (!source || !destination) return;
  writeDown(state, by, type, source, destination, false);
  state.happened({ event: "issuelink_deleted", issue: source, by, at: state.now(), link });
}

export function linkTypeOf(state: JiraState, { typeId }: IssueLink): LinkType {
  const type = state.linkTypes.find(({ id }) => id === typeId);
  if (!type) throw new Error(`the simulator lost link type ${typeId}`);
  return type;
}

function writeDown(
  state: JiraState,
  by: User,
  { inward, outward }: LinkType,
  source: Issue,
  destination: Issue,
  isNew: boolean,
): void {
  const nothing = { id: null, text: null };
  const sides: [Issue, Issue, string][] = [
    [source, destination, outward],
    [destination, source, inward],
  ];
  for (const [issue, other, words] of sides) {
    const told = { id: other.key, text: `This issue ${words} ${other.key}` };
    const item = changeItem("Link", isNew ? nothing : told, isNew ? told : nothing);
    const current = state.issues.get(issue.id) ?? issue;
    putIssue(state, recordChange(state, by, current, [item], { at: state.now() }).issue);
  }
}
