import { z } from "zod";
import type {
  Connector,
  Http,
  OpenSide,
  Part,
  Probe,
  Quiet,
  Wanted,
  WorklogText,
} from "@/lib/connectors/connector";
import { toHistory } from "@/lib/connectors/jira-data-center/changelog";
import { describeSide, findPerson, typesOfParts } from "@/lib/connectors/jira-data-center/describe";
import { checkRights, lookAtJira } from "@/lib/connectors/jira-data-center/diagnose";
import { jiraIdOf } from "@/lib/connectors/jira-data-center/fields";
import {
  changedInProject,
  changedInTrigger,
  createdByCaller,
  namedByTrigger,
  ofIds,
  ofIdsInTrigger,
  withSummary,
} from "@/lib/connectors/jira-data-center/jql";
import {
  AUDIENCE_FIELDS,
  issueUrl,
  toCircle,
  toHint,
  toJiraFields,
  toNewIssue,
  toReading,
} from "@/lib/connectors/jira-data-center/mapping";
import { jiraMoment, PART_FIELDS, readPieces } from "@/lib/connectors/jira-data-center/pieces";
import {
  readApplicationId,
  readClaim,
  readVitals,
  writeClaim,
} from "@/lib/connectors/jira-data-center/presence";
import { quietUpdates } from "@/lib/connectors/jira-data-center/quiet";
import {
  anyWebhook,
  changelogAnswer,
  commentPage,
  createdIssue,
  ISSUE_EVENTS,
  issueAnswer,
  issueWebhook,
  type JiraComment,
  MARKER_PROPERTY,
  markerAnswer,
  myself,
  nothing,
  searchAnswer,
  serverInfo,
  TWIN_PROPERTY,
  uploaded,
  writtenComment,
  writtenWorklog,
} from "@/lib/connectors/jira-data-center/schema";
import { jiraWebhooks } from "@/lib/connectors/jira-data-center/webhook-registration";
import { SyncError } from "@/lib/errors";

const settings = z.object({
  /** Where issues are created and polled. */
  project: z.string().regex(/^[A-Z][A-Z0-9_]*$/i, "a project key, such as PROD"),
  /** The type that new issues get. */
  issueType: z.string().trim().min(1).default("Task"),
  /** JQL that brings issues under sync. Leaving it does not end sync. */
  trigger: z.string().trim().min(1).optional(),
  /** Updates are to cause no mails. */
  quiet: z.boolean().optional(),
});
type Settings = z.infer<typeof settings>;

const API = "/rest/api/2";
const ISSUES_A_PAGE = 100;
const COMMENTS_A_PAGE = 1_000; // most issues have fewer: one call
/** Read with every issue, whatever is mapped. */
const ALWAYS: Wanted[] = [
  { id: "summary", kind: "text" },
  { id: "status", kind: "option" },
];

/**
 * Jira Data Center by its REST API version 2 and a personal access token. A context path belongs to
 * the base URL.
 */
export const jiraDataCenter: Connector<Settings> = {
  kind: "jira-data-center",
  displayName: "Jira Data Center",
  can: { editsComments: true, webhooks: true, claim: true, history: true, quietUpdates: true },
  issueUrl,
  settings,
  authorization: (token) => `Bearer ${token}`,
  refuses,
  parseWebhook(body) {
    const { webhookEvent } = anyWebhook.parse(body);
    const isAboutAnIssue = ISSUE_EVENTS.some((event) => event === webhookEvent);
    return isAboutAnIssue ? toHint(issueWebhook.parse(body)) : null;
  },
  look: lookAtJira,
  open: openJira,
};

/**
 * Jira answers wrong credentials in three ways: 401; 403 with a reason in a header; and, the trap, as
 * if nobody had signed in, with 200 and empty lists or 404 for everything.
 */
function refuses(status: number, header: (name: string) => string | null): SyncError | null {
  const denied = header("x-authentication-denied-reason");
  if (denied?.startsWith("CAPTCHA_CHALLENGE"))
    return rejected("Jira asks our account for a captcha: sign in to Jira with it once by hand");
  const hasFailed = header("x-seraph-loginreason")?.includes("AUTHENTICATED_FAILED") ?? false;
  if (status === 401 || hasFailed || (status === 403 && denied !== null))
    return rejected(
      "Jira does not accept the access token: it is wrong, expired or revoked. Make a new one and enter it",
    );
  const isAnswer = (status >= 200 && status < 300) || status === 404;
  if (isAnswer && header("x-ausername")?.toLowerCase() === "anonymous")
    return rejected(
      "Jira answered as if nobody had signed in: the access token is missing, expired or revoked. Make a new one and enter it",
    );
  return null;
}

function rejected(message: string): SyncError {
  return new SyncError("credentials_rejected", message);
}

function openJira(
  place: Settings,
  http: Http,
  baseUrl: string,
  mapped: Wanted[],
  parts: Part[] = [],
  quiet?: Quiet,
): OpenSide {
  const wanted = [...ALWAYS.filter(({ id }) => !mapped.some((each) => each.id === id)), ...mapped];
  const asked = [
    ...wanted.map(({ id }) => jiraIdOf(id)),
    "updated",
    "comment",
    "security",
    "issuetype",
    ...AUDIENCE_FIELDS,
    ...parts.map((part) => PART_FIELDS[part]),
  ].join(",");
  let known: Promise<Probe> | undefined;
  /** Asked once in an opening; who opens anew learns of a new time zone. */
  const probed = (): Promise<Probe> => {
    known ??= probe(http).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const timeZone = async () => (await probed()).account.timeZone;
  const accountKey = async () => (await probed()).account.key;

  const updates = quietUpdates(quiet);

  return {
    markup: "jira-wiki",
    get isQuiet() {
      return updates.isQuiet;
    },
    probe: probed,
    describe: () => describeSide(http, place),
    rights: () => checkRights(http, place.project),
    async triggered(limit) {
      const jql = namedByTrigger(place);
      return jql ? search(http, jql, 0, limit) : { issues: [], total: 0 };
    },
    async alike(summary, limit) {
      const jql = withSummary(place, summary);
      return jql ? (await search(http, jql, 0, limit)).issues : [];
    },
    findPerson: (query) => findPerson(http, query),

    async readIssue(idOrKey, { history } = { history: false }) {
      const answer = await http.read(issueAnswer, issuePath(idOrKey), {
        fields: asked,
        expand: history ? "transitions.fields,changelog,names" : "transitions.fields",
        properties: `${MARKER_PROPERTY},${TWIN_PROPERTY}`,
      });
      if (!answer) return null;
      const listed = answer.fields.comment;
      // A list that was cut, or left out, must not look like deleted comments.
      const isWhole = listed && listed.comments.length >= (listed.total ?? 0);
      const comments = isWhole ? listed.comments : await allComments(http, answer.id, {});
      if (!comments) return null;
      return {
        ...toReading(answer, comments, baseUrl, wanted),
        ...(await readPieces(http, answer, parts, `${issuePath(answer.id)}/worklog`)),
      };
    },

    async listed(ids, which = "all") {
      const jql = which === "trigger" ? ofIdsInTrigger(place, ids) : ofIds(ids);
      if (!jql) return new Set();
      // Validated, a search for an issue that is gone is refused whole.
      const { issues, total } = await search(http, jql, 0, ids.length, {
        validateQuery: "false",
      });
      return issues.length === total ? new Set(issues.map(({ id }) => id)) : null;
    },

    async commentMarkers(issueId) {
      const comments = await allComments(http, issueId, { expand: "properties" });
      const markers = new Map<string, string>();
      for (const comment of comments ?? []) {
        const marker = await markerOf(http, comment);
        if (marker) markers.set(comment.id, marker);
      }
      return markers;
    },

    async history(issueId) {
      const answer = await http.read(changelogAnswer, issuePath(issueId), {
        fields: asked,
        expand: "changelog,names",
      });
      return answer ? toHistory(answer.changelog, answer.names, wanted) : [];
    },

    async changedSince(since, startAt, which) {
      const jqlFor = which === "trigger" ? changedInTrigger : changedInProject;
      const jql = jqlFor(place, since, await timeZone());
      // A side without a trigger brings nothing under sync.
      return jql ? search(http, jql, startAt) : { issues: [], total: 0 };
    },

    async createdByUs(since) {
      const jql = createdByCaller(place, since, await timeZone());
      const found: { id: string; key: string; marker: string | null }[] = [];
      for (;;) {
        const { issues, total } = await search(http, jql, found.length);
        for (const { id, key } of issues)
          found.push({ id, key, marker: await readMarker(http, issuePath(id)) });
        if (issues.length === 0 || found.length >= total) return found;
      }
    },

    typesOfParts: (parentId) => typesOfParts(http, place.project, issuePath(parentId)),

    createIssue: (ticket, values, marker, parent) =>
      http.write(ticket, createdIssue, "POST", `${API}/issue`, {
        fields: {
          ...toNewIssue(place, values, wanted),
          ...(parent ? { parent: { id: parent.id } } : {}),
        },
        properties: [{ key: MARKER_PROPERTY, value: { marker } }],
      }),

    updateIssue: (ticket, issueId, changes, stamp) =>
      updates.send((query) =>
        http.write(ticket, nothing, "PUT", `${issuePath(issueId)}${query}`, {
          fields: toJiraFields(
            Object.fromEntries(changes.map(({ field, to }) => [field, to])),
            wanted,
          ),
          ...(stamp ? { properties: [{ key: TWIN_PROPERTY, value: stamp }] } : {}),
        }),
      ),

    transition: (ticket, issueId, transitionId, values) =>
      http.write(ticket, nothing, "POST", `${issuePath(issueId)}/transitions`, {
        transition: { id: transitionId },
        ...(Object.keys(values).length > 0 ? { fields: toJiraFields(values, wanted) } : {}),
      }),

    async addComment(ticket, issueId, { body, restrictedTo }, marker) {
      const { properties = [], ...circle } = toCircle(restrictedTo);
      return http.write(ticket, writtenComment, "POST", `${issuePath(issueId)}/comment`, {
        body,
        ...circle,
        properties: [{ key: MARKER_PROPERTY, value: { marker } }, ...properties],
      });
    },

    async updateComment(ticket, issueId, commentId, { body, restrictedTo }) {
      const path = commentPath(issuePath(issueId), commentId);
      return http.write(ticket, writtenComment, "PUT", path, { body, ...toCircle(restrictedTo) });
    },

    openAttachment: (id, name) =>
      http.stream(`/secure/attachment/${encodeURIComponent(id)}/${encodeURIComponent(name)}`),

    addAttachment: (ticket, issueId, file) =>
      http.upload(
        ticket,
        uploaded,
        {
          method: "POST",
          path: `${issuePath(issueId)}/attachments`,
          // Without it Jira takes an upload for a forged one.
          headers: { "x-atlassian-token": "no-check" },
          part: "file",
        },
        file,
      ),

    addWorklog: (ticket, issueId, worklog) =>
      http.write(
        ticket,
        writtenWorklog,
        "POST",
        `${issuePath(issueId)}/worklog?adjustEstimate=leave`,
        toJiraWorklog(worklog),
      ),

    updateWorklog: (ticket, issueId, worklogId, worklog) =>
      http.write(
        ticket,
        writtenWorklog,
        "PUT",
        `${issuePath(issueId)}/worklog/${encodeURIComponent(worklogId)}?adjustEstimate=leave`,
        toJiraWorklog(worklog),
      ),

    // The issue that a link comes from is called the inward one here. The answer is empty.
    addLink: (ticket, issueId, { type, toId }) =>
      http.write(ticket, nothing, "POST", `${API}/issueLink`, {
        type: { name: type },
        inwardIssue: { id: issueId },
        outwardIssue: { id: toId },
      }),

    webhooks: jiraWebhooks(http, place.project),

    readClaim: (spot) => readClaim(http, spot, place.project, accountKey),
    writeClaim: (ticket, spot, record) =>
      writeClaim(http, ticket, spot, place.project, accountKey, record),
    vitals: () => readVitals(http),

    stamp: (ticket, issueId, marker, twinId) =>
      http.write(ticket, nothing, "PUT", `${issuePath(issueId)}/properties/${TWIN_PROPERTY}`, {
        marker,
        twinId,
      }),
  };
}

function toJiraWorklog({ startedAt, seconds, comment }: WorklogText) {
  return { started: jiraMoment(startedAt), timeSpentSeconds: seconds, comment };
}

function issuePath(idOrKey: string): string {
  return `${API}/issue/${encodeURIComponent(idOrKey)}`;
}

function commentPath(below: string, commentId: string): string {
  return `${below}/comment/${encodeURIComponent(commentId)}`;
}

async function probe(http: Http): Promise<Probe> {
  const account = present(await http.read(myself, `${API}/myself`));
  const askedAt = Date.now();
  const server = present(await http.read(serverInfo, `${API}/serverInfo`));
  // Our clock in the middle of the request is the best guess for when the other one was read.
  const readAt = (askedAt + Date.now()) / 2;
  return {
    account,
    clockOffsetMs: server.serverTime ? Math.round(Date.parse(server.serverTime) - readAt) : 0,
    product: `Jira ${server.version}`,
    reportedUrl: server.baseUrl ?? null,
    applicationId: await readApplicationId(http),
  };
}

/** For what every Jira has: a 404 comes from somebody else. */
function present<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new SyncError(
    "unexpected_answer",
    "this is no Jira, or its address lacks the context path: the answer was 404",
  );
}

async function search(
  http: Http,
  jql: string,
  startAt: number,
  limit = ISSUES_A_PAGE,
  more: Record<string, string> = {},
) {
  try {
    const { issues, total } = present(
      await http.read(searchAnswer, `${API}/search`, {
        jql,
        startAt: String(startAt),
        maxResults: String(limit),
        fields: "summary,updated",
        ...more,
      }),
    );
    return {
      issues: issues.map(({ id, key, fields }) => ({
        id,
        key,
        updatedAt: fields.updated,
        summary: fields.summary ?? "",
      })),
      // Without a total there may be more, until a page is empty.
      total: total ?? Number.POSITIVE_INFINITY,
    };
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== "field_rejected") throw error;
    // What is wrong is the search, not one issue: nothing of this side is found until it is mended.
    throw new SyncError(
      "unexpected_answer",
      `Jira refused a search: check the connection's trigger and project. ${error.message}`,
      { cause: error },
    );
  }
}

/** All comments of an issue; `null` when it is gone. A server may give fewer than asked for. */
async function allComments(
  http: Http,
  issueId: string,
  query: Record<string, string>,
): Promise<JiraComment[] | null> {
  const byId = new Map<string, JiraComment>();
  for (let startAt = 0; ; ) {
    const page = await http.read(commentPage, `${issuePath(issueId)}/comment`, {
      ...query,
      startAt: String(startAt),
      maxResults: String(COMMENTS_A_PAGE),
    });
    if (!page) return null;
    for (const comment of page.comments) byId.set(comment.id, comment);
    startAt += page.comments.length;
    if (page.comments.length === 0 || startAt >= (page.total ?? Number.POSITIVE_INFINITY))
      return [...byId.values()];
  }
}

/** The list holds the properties where Jira expands them; else each comment is asked for its own. */
async function markerOf(http: Http, comment: JiraComment): Promise<string | null> {
  if (!comment.properties) return readMarker(http, commentPath(API, comment.id));
  const property = comment.properties.find(({ key }) => key === MARKER_PROPERTY);
  return property ? (markerAnswer.parse(property).value?.marker ?? null) : null;
}

async function readMarker(http: Http, path: string): Promise<string | null> {
  const answer = await http.read(markerAnswer, `${path}/properties/${MARKER_PROPERTY}`);
  return answer?.value?.marker ?? null;
}
