import { z } from "zod";
import type { Connector, Http, OpenSide, Part, Probe, Wanted } from "@/lib/connectors/connector";
import { attach, openAttachment } from "@/lib/connectors/redmine/attachments";
import { confirmed } from "@/lib/connectors/redmine/confirm";
import { describeSide, findPerson } from "@/lib/connectors/redmine/describe";
import { checkRights, lookAtRedmine, mayWritePrivately } from "@/lib/connectors/redmine/diagnose";
import { markValue, readFields, writeFields } from "@/lib/connectors/redmine/fields";
import { A_PAGE, ifAllowed, type Lists, listsOf } from "@/lib/connectors/redmine/lists";
import {
  issueUrl,
  markersIn,
  markOf,
  numberOf,
  numbersOfPeople,
  PRIVATE,
  toHistory,
  toReading,
} from "@/lib/connectors/redmine/mapping";
import { MARKER_FIELD, readMark, splitMarker, withMarker } from "@/lib/connectors/redmine/marker";
import {
  createdTimeEntry,
  readPieces,
  timeEntryOf,
  toLinks,
  usualActivity,
} from "@/lib/connectors/redmine/pieces";
import {
  createdIssue,
  issueAnswer,
  issueList,
  nothing,
  type RedmineIssue,
  userAnswer,
} from "@/lib/connectors/redmine/schema";
import { triggerQuery } from "@/lib/connectors/redmine/trigger";
import { SyncError } from "@/lib/errors";
import { type FieldId, type Fields, type Person, sameValue } from "@/lib/sync/replica";

const TEXT_FORMATS = ["textile", "markdown"] as const;

const settings = z.object({
  /** The identifier: the last part of the project's address. */
  project: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/, "a project's identifier, such as support"),
  /** The tracker that new issues get. */
  issueType: z.string().trim().min(1),
  /** Filters of Redmine's issue list that bring issues under sync. Leaving it does not end sync. */
  trigger: triggerQuery.optional(),
  /** Chosen for the instance: its API does not tell which of them Redmine is set to. */
  textFormat: z.enum(TEXT_FORMATS).optional(),
});
type Settings = z.infer<typeof settings>;

/** Read with every issue, whatever is mapped. */
const ALWAYS: Wanted[] = [
  { id: "summary", kind: "text" },
  { id: "status", kind: "option" },
];

/** Redmine 5 by its REST interface and the API key of an account. A path belongs to the base URL. */
export const redmine: Connector<Settings> = {
  kind: "redmine",
  displayName: "Redmine",
  can: { editsComments: true, webhooks: false, claim: false, history: true, quietUpdates: false },
  issueUrl,
  settings,
  textFormats: TEXT_FORMATS,
  // The key stands where a user's name would; what follows the colon does not matter.
  authorization: (key) => `Basic ${Buffer.from(`${key}:x`).toString("base64")}`,
  refuses: (status) =>
    status === 401
      ? new SyncError(
          "credentials_rejected",
          "Redmine does not accept the API key: it is wrong or was reset, the account is locked, or the REST interface is off. Look at the account's page in Redmine and enter the key that stands there",
        )
      : null,
  parseWebhook: () => null,
  look: lookAtRedmine,
  open: openRedmine,
};

function openRedmine(
  place: Settings,
  http: Http,
  baseUrl: string,
  mapped: Wanted[],
  parts: Part[] = [],
): OpenSide {
  const wanted = [...ALWAYS.filter(({ id }) => !mapped.some((each) => each.id === id)), ...mapped];
  const lists = listsOf(http, baseUrl, place.project);
  let known: ReturnType<typeof readAccount> | undefined;
  /**
   * Asked once in an opening, before anything else is believed: a wrong key does not fail at a public
   * project, it is answered as if nobody had signed in.
   */
  const account = () => {
    known ??= readAccount(http);
    known.catch(() => {
      known = undefined;
    });
    return known;
  };

  async function fetchIssue(idOrKey: string): Promise<RedmineIssue | null> {
    await account();
    const number = numberOf(idOrKey);
    if (!/^\d+$/.test(number)) return null;
    const answer = await http.read(issueAnswer, `/issues/${number}.json`, {
      include: `journals,allowed_statuses,relations${parts.includes("attachments") ? ",attachments" : ""}`,
    });
    return answer?.issue ?? null;
  }

  async function peopleAround(issue: RedmineIssue): Promise<Map<string, Person>> {
    const numbers = [...numbersOfPeople(issue, wanted)];
    const people = await Promise.all(numbers.map((id) => lists.person(id)));
    return new Map(
      numbers.flatMap((id, index) => {
        const person = people[index];
        return person ? [[id, person]] : [];
      }),
    );
  }

  async function markerFieldId(): Promise<string> {
    const { markerFieldId: id } = await lists.lists();
    if (id !== "") return id;
    lists.forget();
    throw new SyncError(
      "unexpected_answer",
      `the project ${place.project} has no custom field "${MARKER_FIELD}", by which issues of ours are found again after a crash: an administrator of Redmine makes it for issues, as a text, for all trackers, and ticks this project by its name`,
    );
  }

  async function writable(values: Fields): Promise<Record<string, unknown>> {
    try {
      return writeFields(values, wanted, await lists.numbers());
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== "field_rejected") throw error;
      // Made a moment ago, perhaps.
      lists.forget();
      return writeFields(values, wanted, await lists.numbers());
    }
  }

  /** Of what was written, what an issue does not show: still as it was, or, in a new issue, something else. */
  async function ignoredOf(
    issueId: string,
    sent: Fields,
    before: Fields | null,
    mark: string | null,
  ): Promise<FieldId[]> {
    const issue = await fetchIssue(issueId);
    if (!issue) return [];
    const people = await peopleAround(issue);
    const kinds = Object.keys(sent).map(
      (id) => wanted.find((each) => each.id === id) ?? { id, kind: "text" as const },
    );
    const now = readFields(issue, kinds, (id) => people.get(id)?.key ?? `#${id}`);
    const ignored = Object.entries(sent).flatMap(([field, value]) => {
      const shown = now[field];
      if (shown !== undefined && sameValue(shown, value)) return [];
      // A third value is somebody's edit in that moment: what we wrote was there before it.
      const was = before?.[field];
      const isUntouched = was === undefined || shown === undefined || sameValue(shown, was);
      return isUntouched ? [field] : [];
    });
    const hasMark = mark === null || markOf(issue)?.marker === mark;
    return hasMark ? ignored : [...ignored, MARKER_FIELD];
  }

  async function list(query: Record<string, string>) {
    await account();
    const answer = await http.read(issueList, "/issues.json", query);
    if (!answer)
      throw new SyncError(
        "unexpected_answer",
        `Redmine found no project "${place.project}" when its issues were searched`,
      );
    return {
      issues: answer.issues.map((issue) => ({
        id: issue.id,
        key: `#${issue.id}`,
        updatedAt: issue.updated_on,
        summary: issue.subject,
        marker: issue.custom_fields.find(({ name }) => name === MARKER_FIELD)?.value,
      })),
      total: answer.total_count,
    };
  }
  const inProject = { project_id: place.project, subproject_id: "!*", status_id: "*" };

  async function writeNote(text: string, restrictedTo: string | null) {
    if (restrictedTo !== null && restrictedTo !== PRIVATE)
      throw new SyncError(
        "field_rejected",
        `the mapping restricts comments to "${restrictedTo}": Redmine knows "${PRIVATE}"`,
      );
    // Without the right Redmine would ignore the wish, and show the note to everybody.
    if (
      restrictedTo === PRIVATE &&
      !(await mayWritePrivately(http, await account(), place.project))
    )
      throw new SyncError(
        "field_rejected",
        `our account may not write private notes in ${place.project}: give its role "Set notes as private"`,
      );
    return { notes: text, ...(restrictedTo === PRIVATE ? { private_notes: true } : {}) };
  }

  return {
    markup: place.textFormat ?? "textile",
    takesOne: ["components", "fixVersions"],
    probe: async () => probe(http, await account()),
    describe: () => describeSide(http, place, lists),
    rights: () => {
      lists.forget();
      return checkRights(http, place.project, lists.lists);
    },
    async triggered(limit) {
      if (!place.trigger) return { issues: [], total: 0 };
      return list({
        ...inProject,
        ...Object.fromEntries(new URLSearchParams(place.trigger)),
        sort: "updated_on:desc,id:desc",
        limit: String(Math.min(limit, A_PAGE)),
      });
    },
    async alike(summary, limit) {
      // A bar parts alternatives in Redmine's filters.
      const words = summary.split("|")[0]?.trim();
      if (!words) return [];
      const { issues } = await list({
        ...inProject,
        subject: `~${words}`,
        sort: "updated_on:desc,id:desc",
        limit: String(Math.min(limit, A_PAGE)),
      });
      return issues.map(({ marker: _, ...issue }) => issue);
    },
    async findPerson(query) {
      return findPerson((await ifAllowed(lists.people)) ?? [], query);
    },

    async readIssue(idOrKey, { history } = { history: false }) {
      const issue = await fetchIssue(idOrKey);
      if (!issue) return null;
      const reading = toReading(issue, {
        baseUrl,
        wanted,
        people: await peopleAround(issue),
        ourId: (await account()).id,
        numbers: history ? await lists.numbers() : null,
      });
      return { ...reading, ...(await readPieces(http, issue, parts, lists)) };
    },

    async listed(ids, which = "all") {
      if (which === "trigger" && !place.trigger) return new Set();
      const trigger = which === "trigger" ? new URLSearchParams(place.trigger) : [];
      const { issues, total } = await list({
        status_id: "*",
        ...Object.fromEntries(trigger),
        issue_id: ids.join(","),
        limit: String(ids.length),
      });
      return issues.length === total ? new Set(issues.map(({ id }) => id)) : null;
    },

    async commentMarkers(issueId) {
      const issue = await fetchIssue(issueId);
      return issue ? markersIn(issue) : new Map();
    },

    async history(issueId) {
      const issue = await fetchIssue(issueId);
      if (!issue) return [];
      return toHistory(issue, { wanted, people: await peopleAround(issue) }, await lists.numbers());
    },

    async changedSince(since, startAt, which) {
      // A side without a trigger brings nothing under sync.
      if (which === "trigger" && !place.trigger) return { issues: [], total: 0 };
      const trigger = which === "trigger" ? new URLSearchParams(place.trigger) : [];
      return list({
        ...inProject,
        ...Object.fromEntries(trigger),
        // Only ">=": it finds a little too much, while "<=" misses what changed within its last second.
        updated_on: `>=${wholeSecond(since)}`,
        sort: "updated_on:asc,id:asc",
        offset: String(startAt),
        limit: String(A_PAGE),
      });
    },

    async createdByUs(since) {
      const found: { id: string; key: string; marker: string | null }[] = [];
      for (let offset = 0; ; offset += A_PAGE) {
        const { issues, total } = await list({
          ...inProject,
          author_id: (await account()).id,
          created_on: `>=${wholeSecond(since)}`,
          sort: "id:asc",
          offset: String(offset),
          limit: String(A_PAGE),
        });
        for (const { id, key, marker } of issues) {
          const mark = typeof marker === "string" ? readMark(marker) : null;
          found.push({ id, key, marker: mark?.marker ?? null });
        }
        if (issues.length === 0 || offset + A_PAGE >= total) return found;
      }
    },

    async createIssue(ticket, values, marker, parent) {
      const issue = withMark(
        {
          project_id: place.project,
          tracker_id: trackerOf(await lists.lists(), place),
          // A mapped type says which tracker it is instead.
          ...(await writable(values)),
          ...(parent ? { parent_issue_id: parent.id } : {}),
        },
        markValue(await markerFieldId(), { marker, twin: null }),
      );
      return confirmed(
        ticket,
        ({ id }) => ignoredOf(id ?? "", values, null, marker),
        (confirming) => http.write(confirming, createdIssue, "POST", "/issues.json", { issue }),
      );
    },

    async updateIssue(ticket, issueId, changes, stamp) {
      const to = Object.fromEntries(changes.map((change) => [change.field, change.to]));
      const from = Object.fromEntries(changes.map((change) => [change.field, change.from]));
      const fields = await writable(to);
      const issue = stamp
        ? withMark(fields, markValue(await markerFieldId(), { marker: stamp.marker, twin: stamp }))
        : fields;
      return confirmed(
        ticket,
        () => ignoredOf(issueId, to, from, stamp?.marker ?? null),
        (confirming) => http.write(confirming, nothing, "PUT", issuePath(issueId), { issue }),
      );
    },

    async transition(ticket, issueId, transitionId, values) {
      const fields = await writable(values);
      return confirmed(
        ticket,
        async () => {
          const issue = await fetchIssue(issueId);
          return !issue || issue.status.id === transitionId ? [] : ["status"];
        },
        (confirming) =>
          http.write(confirming, nothing, "PUT", issuePath(issueId), {
            issue: { ...fields, status_id: transitionId },
          }),
      );
    },

    async addComment(ticket, issueId, { body, restrictedTo }, marker) {
      const issue = await writeNote(withMarker(body, marker), restrictedTo);
      return http.write(ticket, nothing, "PUT", issuePath(issueId), { issue });
    },

    async updateComment(ticket, issueId, commentId, { body, restrictedTo }) {
      const journals = (await fetchIssue(issueId))?.journals ?? [];
      const note = journals.find(({ id }) => id === commentId)?.notes ?? "";
      const { marker } = splitMarker(note);
      const journal = await writeNote(marker ? withMarker(body, marker) : body, restrictedTo);
      const path = `/journals/${encodeURIComponent(commentId)}.json`;
      return http.write(ticket, nothing, "PUT", path, { journal });
    },

    openAttachment: (id, name) => openAttachment(http, id, name),
    addAttachment: (ticket, issueId, file) => attach(http, ticket, issuePath(issueId), file),

    async addWorklog(ticket, issueId, worklog) {
      const activity = await usualActivity(http);
      return http.write(ticket, createdTimeEntry, "POST", "/time_entries.json", {
        time_entry: { issue_id: issueId, activity_id: activity, ...timeEntryOf(worklog) },
      });
    },
    updateWorklog: async (ticket, _issueId, worklogId, worklog) =>
      http.write(ticket, nothing, "PUT", `/time_entries/${encodeURIComponent(worklogId)}.json`, {
        time_entry: timeEntryOf(worklog),
      }),
    async addLink(ticket, issueId, { type, toId }) {
      const isThere = async () => {
        const issue = await fetchIssue(issueId);
        return issue && toLinks(issue).find((each) => each.type === type && each.toId === toId);
      };
      // Redmine would refuse it a second time.
      const there = await isThere();
      if (there) return { kind: "applied", created: { id: there.id } };
      const path = `/issues/${issueId}/relations.json`;
      const relation = { issue_to_id: toId, relation_type: type };
      const sent = await http.write(ticket, nothing, "POST", path, { relation });
      // Made from its other end meanwhile.
      const made = sent.kind === "failed" && sent.refusal?.status === 422 && (await isThere());
      return made ? { kind: "applied", created: { id: made.id } } : sent;
    },

    readClaim: async () => null,
    writeClaim: async () => ({
      kind: "failed",
      error: new SyncError(
        "field_rejected",
        "Redmine has no place for a sign of life: all that is written there stands in an issue's history for ever",
      ),
    }),
    vitals: async () => null,

    async stamp(ticket, issueId, marker, twinId) {
      const field = markValue(await markerFieldId(), { marker, twin: { twinId } });
      return confirmed(
        ticket,
        () => ignoredOf(issueId, {}, null, marker),
        (confirming) =>
          http.write(confirming, nothing, "PUT", issuePath(issueId), {
            issue: { custom_fields: [field] },
          }),
      );
    },
  };
}

function issuePath(issueId: string): string {
  return `/issues/${encodeURIComponent(issueId)}.json`;
}

function wholeSecond(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

function withMark(issue: Record<string, unknown>, mark: { id: string; value: string }) {
  const custom = Array.isArray(issue.custom_fields) ? issue.custom_fields : [];
  return { ...issue, custom_fields: [...custom, mark] };
}

function trackerOf(lists: Lists, { issueType, project }: Settings): string {
  const tracker = lists.type.find(({ name }) => name === issueType);
  if (tracker) return tracker.id;
  throw new SyncError(
    "unexpected_answer",
    `${project} has no tracker "${issueType}": it has ${lists.type.map(({ name }) => name).join(", ") || "none"}`,
  );
}

export type Account = z.infer<typeof userAnswer>["user"];

/** Who we are. Throws `credentials_rejected` when we are nobody. */
async function readAccount(http: Http): Promise<Account> {
  const answer = await http.read(userAnswer, "/users/current.json", { include: "memberships" });
  if (answer) return answer.user;
  throw new SyncError(
    "unexpected_answer",
    "this is no Redmine, or its address lacks a path: the answer was 404",
  );
}

async function probe(http: Http, account: Account): Promise<Probe> {
  const askedAt = Date.now();
  const answer = await http.peek("/users/current.json");
  const readAt = (askedAt + Date.now()) / 2;
  const said = Date.parse(answer?.header("date") ?? "");
  return {
    account: {
      key: account.login,
      name: `${account.firstname} ${account.lastname}`.trim(),
      timeZone: "UTC", // all of Redmine's moments are told in it
    },
    // The header's seconds are cut off: half of one is the best guess.
    clockOffsetMs: Number.isNaN(said) ? 0 : Math.round(said + 500 - readAt),
    product: "Redmine",
    reportedUrl: null,
    applicationId: null,
  };
}
