import { changeItem } from "@/e2e/simulators/jira-data-center/changes";
import { changeIssue } from "@/e2e/simulators/jira-data-center/issues";
import { type JiraError, refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import type { UploadedFile } from "@/e2e/simulators/jira-data-center/multipart";
import type { Attachment, Issue, User } from "@/e2e/simulators/jira-data-center/records";
import { canSeeIssue, type JiraState, nextId } from "@/e2e/simulators/jira-data-center/state";

const NOTHING = { id: null, text: null };

/** One changelog entry for each file; names may repeat. */
export function attach(
  state: JiraState,
  by: User,
  issue: Issue,
  files: UploadedFile[],
): Attachment[] {
  const tooLarge = files.find(({ size }) => size > state.attachmentLimit);
  if (tooLarge) throw attachmentTooLarge(state, tooLarge.filename);
  let current = issue;
  return files.map(({ filename, mimeType, size, sha256 }) => {
    const attachment: Attachment = {
      id: nextId(state, "attachment"),
      filename,
      mimeType,
      size,
      authorKey: by.key,
      createdAt: state.now(),
      sha256,
    };
    const attachments = [...current.attachments, attachment];
    const items = [changeItem("Attachment", NOTHING, { id: attachment.id, text: filename })];
    current = changeIssue(state, by, { ...current, attachments }, items, "issue_updated");
    return attachment;
  });
}

export function detach(state: JiraState, by: User, issue: Issue, { id, filename }: Attachment) {
  const attachments = issue.attachments.filter((each) => each.id !== id);
  const items = [changeItem("Attachment", { id, text: filename }, NOTHING)];
  changeIssue(state, by, { ...issue, attachments }, items, "issue_updated");
}

/** One of an issue that the user sees; any other is a 404. */
export function findAttachment(
  state: JiraState,
  user: User | null,
  id: string,
): { issue: Issue; attachment: Attachment } {
  for (const issue of state.issues.values()) {
    const attachment = issue.attachments.find((each) => each.id === id);
    if (attachment && canSeeIssue(state, user, issue)) return { issue, attachment };
  }
  throw refusal(404, `The attachment with id '${id}' does not exist`);
}

export function attachmentTooLarge(state: JiraState, filename: string): JiraError {
  const megabytes = (state.attachmentLimit / 1024 / 1024).toFixed(2);
  return refusal(
    413,
    `The file "${filename}" is too large to be attached: the limit is ${megabytes} MB.`,
  );
}
