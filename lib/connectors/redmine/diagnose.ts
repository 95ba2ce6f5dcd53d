import type { Check } from "@/lib/connections/setup";
import type { Http, OpenInstance } from "@/lib/connectors/connector";
import {
  type Advice,
  clockOutcome,
  couldNotCheck,
  fine,
  type Outcome,
  runChecks,
} from "@/lib/connectors/outcome";
import { A_PAGE } from "@/lib/connectors/redmine/lists";
import { MARKER_FIELD } from "@/lib/connectors/redmine/marker";
import {
  issueList,
  projectAnswer,
  projectPage,
  roleAnswer,
  userAnswer,
} from "@/lib/connectors/redmine/schema";
import { SyncError } from "@/lib/errors";

/** What helps when a check cannot be made. */
const ADVICE: Advice = {
  address_refused:
    "Private addresses are reached only when they are allowed: add the range to ALLOWED_ADDRESSES and start the node again.",
  credentials_rejected:
    "Sign in to Redmine with the sync account, open My account, show the API access key, and enter it.",
  instance_unreachable: "Check the address and the network between the two.",
  unexpected_answer: "Check the address: a path such as /redmine belongs to it.",
};

/** A Redmine before anything is agreed about its projects. */
export function lookAtRedmine(http: Http): OpenInstance {
  return {
    async diagnose() {
      const { checks, run } = runChecks(ADVICE);
      // Each makes the next one possible: what follows a failure would only repeat it.
      if (!(await run("address", "Address", () => checkAddress(http)))) return checks;
      if (!(await run("sign_in", "Sign-in", () => checkSignIn(http)))) return checks;
      await run("account", "Account", () => checkAccount(http));
      await run("clock", "Clock", () => checkClock(http));
      return checks;
    },

    // It says none of it to programs.
    identity: async () => ({ title: null, reportedUrl: null, applicationId: null }),

    async projects() {
      const found: { key: string; name: string }[] = [];
      for (let offset = 0; ; offset += A_PAGE) {
        const page = await http.read(projectPage, "/projects.json", {
          offset: String(offset),
          limit: String(A_PAGE),
        });
        for (const { identifier, name } of page?.projects ?? [])
          found.push({ key: identifier, name });
        if (!page || page.projects.length === 0 || offset + A_PAGE >= page.total_count)
          return found.sort((one, other) => one.name.localeCompare(other.name));
      }
    },

    async types(key) {
      const answer = await http.read(
        projectAnswer,
        `/projects/${encodeURIComponent(key)}.json?include=trackers`,
      );
      return answer?.project.trackers.map(({ name }) => name) ?? [];
    },
  };
}

const NEEDED = {
  view_issues: "see its issues",
  add_issues: "create issues",
  edit_issues: "edit issues",
  add_issue_notes: "add notes",
  edit_own_issue_notes: "edit its notes",
};

/** What our account may do in a project, and whether our marker has its place there. */
export async function checkRights(
  http: Http,
  project: string,
  lists: () => Promise<{ markerFieldId: string }>,
): Promise<Check[]> {
  const rights = await (async (): Promise<Outcome> => {
    const permissions = await permissionsIn(http, await me(http), project);
    if (permissions === "all")
      return {
        state: "doubtful",
        said: "The account is an administrator of Redmine and may do everything.",
        advice:
          "A member with a role of its own is enough, and cannot change what is none of ours.",
      };
    const missing = Object.entries(NEEDED).filter(([name]) => !permissions.has(name));
    if (missing.length === 0) return fine(`The account may do all that is needed in ${project}.`);
    return {
      state: "wrong",
      said: `In ${project} the account may not ${missing.map(([, words]) => words).join(", not ")}.`,
      advice: "Make it a member of the project, with a role that has these permissions.",
    };
  })().catch((error: unknown) => couldNotCheck(error, ADVICE));
  const marker = await (async (): Promise<Outcome> => {
    if ((await lists()).markerFieldId !== "")
      return fine(`The project has the custom field "${MARKER_FIELD}".`);
    return {
      state: "wrong",
      said: `The project has no custom field "${MARKER_FIELD}", or the account does not see it.`,
      advice: `An administrator of Redmine makes it: Administration, Custom fields, Issues; format Text; name "${MARKER_FIELD}"; for all trackers, with this project ticked by name (Redmine does not tell others of fields "for all projects"), visible to the account's role. By it issues of ours are found again after a crash.`,
    };
  })().catch((error: unknown) => couldNotCheck(error, ADVICE));
  return [
    { id: "rights", what: `Rights in ${project}`, ...rights },
    { id: "marker", what: "Place for markers", ...marker },
  ];
}

/** Whether a note that is meant to be private would be. */
export async function mayWritePrivately(
  http: Http,
  account: Parameters<typeof permissionsIn>[1],
  project: string,
): Promise<boolean> {
  const permissions = await permissionsIn(http, account, project);
  return permissions === "all" || permissions.has("set_notes_private");
}

type Account = {
  admin?: boolean | undefined;
  memberships: { project: { id: string }; roles: { id: string }[] }[];
};

async function permissionsIn(
  http: Http,
  account: Account,
  project: string,
): Promise<Set<string> | "all"> {
  if (account.admin) return "all";
  const path = `/projects/${encodeURIComponent(project)}.json`;
  const id = (await http.read(projectAnswer, path))?.project.id;
  const roles = account.memberships.filter((each) => each.project.id === id);
  const permissions = new Set<string>();
  for (const { id: role } of roles.flatMap((each) => each.roles)) {
    const answer = await http.read(roleAnswer, `/roles/${encodeURIComponent(role)}.json`);
    for (const permission of answer?.role.permissions ?? []) permissions.add(permission);
  }
  return permissions;
}

async function me(http: Http) {
  const answer = await http.read(userAnswer, "/users/current.json", { include: "memberships" });
  if (answer) return answer.user;
  throw new SyncError("unexpected_answer", "this is no Redmine: the answer was 404");
}

async function checkAddress(http: Http): Promise<Outcome> {
  // Nobody has to sign in for this where the instance is open; a closed one answers 401 as Redmine does.
  const answer = await http.peek("/issues.json?limit=1");
  if (!answer)
    return {
      state: "wrong",
      said: "Nothing answers there.",
      advice:
        "Check the address, the network between the two, and whether the certificate is one that this node trusts (EXTRA_CA_FILE).",
    };
  const isRedmine =
    answer.header("www-authenticate")?.includes("Redmine") || isIssueList(answer.text);
  if (isRedmine) return fine("Redmine answers.");
  return {
    state: "wrong",
    said: "Something answers there, but it is no Redmine, or its REST interface is off.",
    advice:
      "Check the address: a path such as /redmine belongs to it. The REST interface is switched on under Administration, Settings, API.",
  };
}

function isIssueList(text: string): boolean {
  try {
    return issueList.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}

async function checkSignIn(http: Http): Promise<Outcome> {
  const { login, firstname, lastname } = await me(http);
  return fine(`Signed in as ${`${firstname} ${lastname}`.trim()} (${login}).`);
}

/** A person's account would make that person's own edits look like ours. */
async function checkAccount(http: Http): Promise<Outcome> {
  const assigned = await http.read(issueList, "/issues.json", {
    assigned_to_id: "me",
    status_id: "*",
    limit: "1",
  });
  const total = assigned?.total_count ?? 0;
  if (total === 0) return fine("No issues are assigned to it.");
  return {
    state: "doubtful",
    said: `${total} ${total === 1 ? "issue is" : "issues are"} assigned to it.`,
    advice: "Use an account that only this node uses: a person's own edits would look like ours.",
  };
}

async function checkClock(http: Http): Promise<Outcome> {
  const askedAt = Date.now();
  const answer = await http.peek("/users/current.json");
  const said = Date.parse(answer?.header("date") ?? "");
  if (Number.isNaN(said))
    return { state: "unknown", said: "Redmine does not tell its time.", advice: null };
  const offset = said + 500 - (askedAt + Date.now()) / 2;
  return clockOutcome(offset);
}
