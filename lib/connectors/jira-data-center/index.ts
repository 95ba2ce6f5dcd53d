import { z } from "zod";
import type { Connector, Http, OpenSide, Probe } from "@/lib/connectors/connector";
import { jqlMinute, jqlString, withoutOrder } from "@/lib/connectors/jira-data-center/dates";
import {
  latestPerField,
  MARKER_PROPERTY,
  STAMP_PROPERTY,
  toHint,
  toJiraFields,
  toReading,
} from "@/lib/connectors/jira-data-center/mapping";
import {
  changelog,
  commentPage,
  createdComment,
  createdIssue,
  issue,
  type JiraComment,
  markerValue,
  myself,
  noContent,
  property,
  searchPage,
  serverInfo,
} from "@/lib/connectors/jira-data-center/schema";
import { SyncError } from "@/lib/errors";

const API = "/rest/api/2";
const READ_FIELDS = "summary,description,labels,priority,status,updated,comment";
const PAGE = 100;

const settings = z.object({
  project: z.string().regex(/^[A-Z][A-Z0-9_]*$/i, "a project key, such as PROD"),
  issueType: z.string().min(1).default("Task"),
  trigger: z.string().min(1).optional(),
});
export type JiraSettings = z.infer<typeof settings>;

/** Jira Data Center over REST v2 with a personal access token. Contract: sections B and C. */
export const jiraDataCenter: Connector<JiraSettings> = {
  kind: "jira-data-center",
  displayName: "Jira Data Center",
  settings,
  authorization: (token) => `Bearer ${token}`,

  refuses(status, header) {
    const reason = header("x-authentication-denied-reason");
    const failed = header("x-seraph-loginreason") === "AUTHENTICATED_FAILED";
    // Missing or expired credentials may run as nobody, with 200 and empty lists.
    const isNobody = header("x-ausername") === "anonymous" && (status < 300 || status === 404);
    if (status !== 401 && !(status === 403 && (reason || failed)) && !isNobody) return null;
    return new SyncError(
      "credentials_rejected",
      isNobody
        ? "Jira answered as to nobody: the access token is missing, expired or revoked. Make a new one and enter it"
        : `Jira refused our credentials (${status}${reason ? `, ${reason}` : ""}). Check the access token of the sync account`,
    );
  },

  parseWebhook: toHint,
  open: (parsed, http, baseUrl) => openJira(parsed, http, baseUrl),
};

function openJira(side: JiraSettings, http: Http, baseUrl: string): OpenSide {
  let probed: Promise<Probe> | undefined;
  const at = (id: string) => `${API}/issue/${encodeURIComponent(id)}`;

  async function probe(): Promise<Probe> {
    const askedAt = Date.now();
    const server = await must(http.read(serverInfo, `${API}/serverInfo`), "serverInfo");
    const answeredAt = Date.now();
    const account = await must(http.read(myself, `${API}/myself`), "myself");
    const middle = (askedAt + answeredAt) / 2;
    return {
      account: { key: account.key, name: account.name, timeZone: account.timeZone ?? "UTC" },
      clockOffsetMs: server.serverTime ? Math.round(Date.parse(server.serverTime) - middle) : 0,
      product: `Jira ${server.version}`,
    };
  }

  async function timeZone(): Promise<string> {
    probed ??= probe();
    return (await probed).account.timeZone;
  }

  async function commentsOf(id: string, expand?: string): Promise<JiraComment[]> {
    const all: JiraComment[] = [];
    for (;;) {
      const page = await http.read(commentPage, `${at(id)}/comment`, {
        startAt: String(all.length),
        maxResults: String(PAGE * 10),
        ...(expand ? { expand } : {}),
      });
      if (!page || page.comments.length === 0) return all;
      all.push(...page.comments);
      if (all.length >= (page.total ?? all.length)) return all;
    }
  }

  async function search(jql: string, startAt: number) {
    const page = await http.read(searchPage, `${API}/search`, {
      jql,
      startAt: String(startAt),
      maxResults: String(PAGE),
      fields: "summary,updated",
    });
    return must(Promise.resolve(page), "search");
  }

  return {
    probe,

    async readIssue(idOrKey) {
      const read = await http.read(issue, at(idOrKey), {
        fields: READ_FIELDS,
        expand: "transitions",
        properties: `${MARKER_PROPERTY},${STAMP_PROPERTY}`,
      });
      if (!read) return null;
      const embedded = read.fields.comment;
      const isWhole = embedded && embedded.comments.length >= (embedded.total ?? 0);
      return toReading(read, isWhole ? embedded.comments : await commentsOf(read.id), baseUrl);
    },

    async commentMarkers(issueId) {
      const markers = new Map<string, string>();
      for (const comment of await commentsOf(issueId, "properties")) {
        const found = comment.properties?.find((each) => each.key === MARKER_PROPERTY);
        const value = markerValue.safeParse(found?.value);
        if (value.success) markers.set(comment.id, value.data.marker);
      }
      return markers;
    },

    async fieldTimes(issueId) {
      const read = await http.read(changelog, at(issueId), {
        fields: "updated",
        expand: "changelog",
      });
      return read ? latestPerField(read.changelog.histories) : {};
    },

    async changedSince(since, startAt, which) {
      // A side without a trigger brings nothing under sync.
      if (which === "trigger" && !side.trigger) return { issues: [], total: 0 };
      const scope =
        which === "trigger"
          ? `(${withoutOrder(side.trigger ?? "")})`
          : `project = ${jqlString(side.project)}`;
      const from = jqlMinute(since, await timeZone());
      const page = await search(
        `${scope} AND updated >= ${jqlString(from)} ORDER BY updated ASC, id ASC`,
        startAt,
      );
      return {
        total: page.total,
        issues: page.issues.map(({ id, key, fields }) => ({
          id,
          key,
          updatedAt: fields.updated,
          summary: fields.summary ?? "",
        })),
      };
    },

    async createdByUs(since) {
      const from = jqlMinute(since, await timeZone());
      const jql = `project = ${jqlString(side.project)} AND creator = currentUser() AND created >= ${jqlString(from)} ORDER BY id ASC`;
      const found: { id: string; key: string; marker: string | null }[] = [];
      for (;;) {
        const page = await search(jql, found.length);
        if (page.issues.length === 0) return found;
        for (const { id, key } of page.issues) {
          const read = await http.read(property, `${at(id)}/properties/${MARKER_PROPERTY}`);
          const value = markerValue.safeParse(read?.value);
          found.push({ id, key, marker: value.success ? value.data.marker : null });
        }
        if (found.length >= page.total) return found;
      }
    },

    createIssue: (ticket, values, marker) =>
      http.write(ticket, createdIssue, "POST", `${API}/issue`, {
        fields: {
          project: { key: side.project },
          issuetype: { name: side.issueType },
          ...toJiraFields(values),
        },
        properties: [{ key: MARKER_PROPERTY, value: { marker } }],
      }),

    updateIssue: (ticket, issueId, changes) =>
      http.write(ticket, noContent, "PUT", at(issueId), {
        fields: toJiraFields(Object.fromEntries(changes.map(({ field, to }) => [field, to]))),
      }),

    transition: (ticket, issueId, transitionId) =>
      http.write(ticket, noContent, "POST", `${at(issueId)}/transitions`, {
        transition: { id: transitionId },
      }),

    addComment: (ticket, issueId, body, marker) =>
      http.write(ticket, createdComment, "POST", `${at(issueId)}/comment`, {
        body,
        properties: [{ key: MARKER_PROPERTY, value: { marker } }],
      }),

    updateComment: (ticket, issueId, commentId, body) =>
      http.write(ticket, noContent, "PUT", `${at(issueId)}/comment/${commentId}`, { body }),

    stamp: (ticket, issueId, marker, twinId) =>
      http.write(ticket, noContent, "PUT", `${at(issueId)}/properties/${STAMP_PROPERTY}`, {
        marker,
        twinId,
      }),
  };
}

/** A place that every Jira has answered 404: this is not one, or its context path is missing. */
async function must<T>(answer: Promise<T | null>, what: string): Promise<T> {
  const value = await answer;
  if (value !== null) return value;
  throw new SyncError(
    "unexpected_answer",
    `${what} was answered 404: this is no Jira, or the address lacks its context path`,
  );
}
