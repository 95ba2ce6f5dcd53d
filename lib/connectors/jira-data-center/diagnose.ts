import { z } from "zod";
import type { Check } from "@/lib/connections/setup";
import type { Http, OpenInstance } from "@/lib/connectors/connector";
import { isoOf } from "@/lib/connectors/jira-data-center/dates";
import { issueTypePage } from "@/lib/connectors/jira-data-center/fields";
import { readApplicationId } from "@/lib/connectors/jira-data-center/presence";
import { serverInfo } from "@/lib/connectors/jira-data-center/schema";
import {
  type Advice,
  clockOutcome,
  couldNotCheck,
  fine,
  type Outcome,
  runChecks,
} from "@/lib/connectors/outcome";

const API = "/rest/api/2";
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;
/** The days in which a person's account shows that a person works with it. */
const LOOK_BACK_DAYS = 30;

const me = z.object({ name: z.string(), displayName: z.string().optional() });
const project = z.object({ key: z.string(), name: z.string() });
const amount = z.object({ total: z.number() });
const tokens = z.array(
  z.object({
    name: z.string(),
    expiringAt: z.string().nullish(),
    lastAccessedAt: z.string().nullish(),
  }),
);
const permissions = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })),
});

/** What helps when a check cannot be made. */
const ADVICE: Advice = {
  address_refused:
    "Private addresses are reached only when they are allowed: add the range to ALLOWED_ADDRESSES and start the node again.",
  credentials_rejected:
    "Make a new personal access token in Jira, under the sync account's profile, and enter it.",
  instance_unreachable:
    "Check the address, the network between the two, and whether the certificate is one that this node trusts (EXTRA_CA_FILE).",
  unexpected_answer: "Check the address: a context path such as /jira belongs to it.",
};

/** A Jira before anything is agreed about its projects. */
export function lookAtJira(http: Http, baseUrl: string): OpenInstance {
  return {
    async diagnose(now) {
      const { checks, run } = runChecks(ADVICE);
      // Each makes the next one possible: what follows a failure would only repeat it.
      if (!(await run("address", "Address", () => checkAddress(http, baseUrl)))) return checks;
      if (!(await run("sign_in", "Sign-in", () => checkSignIn(http)))) return checks;
      await run("account", "Account", () => checkAccount(http));
      await run("token", "Access token", () => checkToken(http, now));
      await run("clock", "Clock", () => checkClock(http));
      return checks;
    },

    async identity() {
      const schema = serverInfo.extend({ serverTitle: z.string().optional() });
      const server = await http.read(schema, `${API}/serverInfo`);
      return {
        title: server?.serverTitle?.trim() || null,
        reportedUrl: server?.baseUrl ?? null,
        applicationId: await readApplicationId(http),
      };
    },

    async projects() {
      const found = (await http.read(z.array(project), `${API}/project`)) ?? [];
      return found.sort((one, other) => one.name.localeCompare(other.name));
    },

    async types(key) {
      const path = `${API}/issue/createmeta/${encodeURIComponent(key)}/issuetypes`;
      const page = await http.read(issueTypePage, path, { maxResults: "200" });
      return page?.values.map(({ name }) => name) ?? [];
    },
  };
}

/** What our account may do in a project, as far as synchronising needs it. */
export async function checkRights(http: Http, key: string): Promise<Check[]> {
  const needed = {
    BROWSE_PROJECTS: "see its issues",
    CREATE_ISSUES: "create issues",
    EDIT_ISSUES: "edit issues",
    TRANSITION_ISSUES: "change their status",
    ADD_COMMENTS: "add comments",
    EDIT_OWN_COMMENTS: "edit its comments",
  };
  const outcome = await (async (): Promise<Outcome> => {
    const given = await http.read(permissions, `${API}/mypermissions`, { projectKey: key });
    if (!given)
      return {
        state: "unknown",
        said: "Jira does not say what the account may do. You can go on.",
        advice:
          "Should a right be missing, the first write that needs it fails, and Errors says which.",
      };
    const missing = Object.entries(needed).filter(
      ([name]) => given.permissions[name]?.havePermission === false,
    );
    if (missing.length === 0) return fine(`The account may do all that is needed in ${key}.`);
    return {
      state: "wrong",
      said: `In ${key} the account may not ${missing.map(([, words]) => words).join(", not ")}.`,
      advice: `Give it ${missing.map(([name]) => name).join(", ")} in the project's permission scheme.`,
    };
  })().catch((error: unknown) => couldNotCheck(error, ADVICE));
  return [{ id: "rights", what: `Rights in ${key}`, ...outcome }];
}

async function checkAddress(http: Http, baseUrl: string): Promise<Outcome> {
  const server = await http.read(serverInfo, `${API}/serverInfo`);
  if (!server)
    return {
      state: "wrong",
      said: "Something answers there, but it is no Jira.",
      advice: "Check the address: a context path such as /jira belongs to it.",
    };
  const trimmed = (url: string) => url.replace(/\/+$/, "");
  if (server.baseUrl && trimmed(server.baseUrl) !== trimmed(baseUrl))
    return {
      state: "doubtful",
      said: `Jira ${server.version} answers, but calls itself ${server.baseUrl}.`,
      advice:
        "Right for an internal address in front of a public one. If this is a copy of that Jira, change its base URL first.",
    };
  return fine(`Jira ${server.version} answers.`);
}

async function checkSignIn(http: Http): Promise<Outcome> {
  const account = await http.read(me, `${API}/myself`);
  if (!account)
    return {
      state: "wrong",
      said: "Jira knows nobody by this token.",
      advice: "Make a new one and enter it.",
    };
  return fine(`Signed in as ${account.displayName ?? account.name} (${account.name}).`);
}

/** A person's account would make that person's own edits look like ours. */
async function checkAccount(http: Http): Promise<Outcome> {
  const found = await http.read(amount, `${API}/search`, {
    jql: `(reporter = currentUser() OR assignee = currentUser()) AND updated >= -${LOOK_BACK_DAYS}d`,
    maxResults: "0",
    fields: "key",
  });
  const { total } = found ?? { total: 0 };
  if (total === 0) return fine(`No issues of its own in the last ${LOOK_BACK_DAYS} days.`);
  return {
    state: "doubtful",
    said: `It reported or is assigned ${total} ${total === 1 ? "issue" : "issues"} that changed in the last ${LOOK_BACK_DAYS} days.`,
    advice: "Use an account that only this node uses: a person's own edits would look like ours.",
  };
}

async function checkToken(http: Http, now: Date): Promise<Outcome> {
  const own = await http.read(tokens, "/rest/pat/latest/tokens");
  if (!own) return { state: "unknown", said: "Jira does not say when it expires.", advice: null };
  // The one in use is the one that was used last: just now.
  const [used] = own.toSorted((one, other) => at(other.lastAccessedAt) - at(one.lastAccessedAt));
  if (!used?.expiringAt) return fine("It does not expire.");
  const left = at(used.expiringAt) - now.getTime();
  const day = new Date(at(used.expiringAt)).toISOString().slice(0, 10);
  if (left > EXPIRES_SOON_MS) return fine(`It expires on ${day}.`);
  return {
    state: "doubtful",
    said: `It expires on ${day}.`,
    advice: "Synchronisation stops then. Make a token that is good for longer.",
  };
}

async function checkClock(http: Http): Promise<Outcome> {
  const askedAt = Date.now();
  const server = await http.read(serverInfo, `${API}/serverInfo`);
  if (!server?.serverTime)
    return { state: "unknown", said: "Jira does not tell its time.", advice: null };
  const offset = Date.parse(server.serverTime) - (askedAt + Date.now()) / 2;
  return clockOutcome(offset);
}

function at(text: string | null | undefined): number {
  return text ? Date.parse(isoOf(text) ?? text) || 0 : 0;
}
