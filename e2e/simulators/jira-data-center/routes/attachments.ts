import {
  attach,
  attachmentTooLarge,
  detach,
  findAttachment,
} from "@/e2e/simulators/jira-data-center/attachments";
import { attachmentBean } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Answer,
  type Call,
  issueOf,
  noContent,
  ok,
  param,
  type Route,
  route,
  signedIn,
} from "@/e2e/simulators/jira-data-center/call";
import { pathOf } from "@/e2e/simulators/jira-data-center/files";
import { JiraError, refusal } from "@/e2e/simulators/jira-data-center/jira-error";

export const attachmentRoutes: Route[] = [
  route("POST", "/issue/:issue/attachments", (call) => {
    const { state } = call.jira;
    checkXsrf(call);
    const by = signedIn(call);
    const issue = issueOf(call);
    if (!call.upload) throw new JiraError(415, "HTTP 415 Unsupported Media Type");
    if (call.upload.isTooLarge) throw attachmentTooLarge(state, "the file");
    const { files, trouble } = call.upload;
    if (trouble) throw trouble;
    if (files.length === 0) throw refusal(400, "The request has no part called 'file'.");
    return ok(attach(state, by, issue, files).map((each) => attachmentBean(state, each)));
  }),
  route("GET", "/attachment/meta", (call) => {
    signedIn(call);
    return ok({ enabled: true, uploadLimit: call.jira.state.attachmentLimit });
  }),
  route("GET", "/attachment/:attachment", (call) => {
    const { state } = call.jira;
    const { attachment } = findAttachment(state, signedIn(call), param(call, "attachment"));
    return ok(attachmentBean(state, attachment));
  }),
  route("DELETE", "/attachment/:attachment", (call) => {
    const { state } = call.jira;
    const by = signedIn(call);
    const { issue, attachment } = findAttachment(state, by, param(call, "attachment"));
    if (!by.admin && by.key !== attachment.authorKey)
      throw refusal(403, "You do not have permission to delete this attachment.");
    detach(state, by, issue, attachment);
    return noContent();
  }),
];

/** The bytes themselves, outside /rest: below {@link attachmentBean}'s `content`. Without a login: to the login page. */
export const attachmentContentRoutes: Route[] = [
  route("GET", "/secure/attachment/:attachment/:name", (call): Answer => {
    const { state } = call.jira;
    if (!call.user)
      return {
        status: 302,
        headers: { Location: `${state.baseUrl}/login.jsp?permissionViolation=true` },
      };
    const { attachment } = findAttachment(state, call.user, param(call, "attachment"));
    return {
      status: 200,
      file: pathOf(state.filesFolder, attachment.sha256),
      headers: {
        "Content-Type": attachment.mimeType,
        "Content-Length": String(attachment.size),
        "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename)}`,
        "X-Content-Type-Options": "nosniff",
      },
    };
  }),
];

/** A form post that a page elsewhere could have sent; both spellings of the promise are good. */
function checkXsrf({ headers }: Call): void {
  const token = headers?.["x-atlassian-token"];
  if (token === "no-check" || token === "nocheck") return;
  throw new JiraError(403, "XSRF check failed");
}
