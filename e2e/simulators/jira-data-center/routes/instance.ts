import { userBean } from "@/e2e/simulators/jira-data-center/beans";
import {
  type Call,
  ok,
  pageOf,
  type Route,
  route,
  signedIn,
  slice,
} from "@/e2e/simulators/jira-data-center/call";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { nodesOf } from "@/e2e/simulators/jira-data-center/nodes";
import type { User } from "@/e2e/simulators/jira-data-center/records";
import { fits } from "@/e2e/simulators/jira-data-center/routes/people";
import { findUser } from "@/e2e/simulators/jira-data-center/state";
import { jiraTimestamp } from "@/e2e/simulators/jira-data-center/zones";

/** The instance itself and the people on it. */
export const instanceRoutes: Route[] = [
  route("GET", "/serverInfo", ({ jira: { state } }) =>
    ok({
      baseUrl: state.baseUrl,
      version: state.personality.version,
      versionNumbers: state.personality.version.split(".").map(Number),
      deploymentType: "Server",
      buildNumber: state.personality.buildNumber,
      buildDate: jiraTimestamp(Date.UTC(2026, 8, 1), state.serverTimeZone),
      databaseBuildNumber: state.personality.buildNumber,
      serverTime: jiraTimestamp(state.now(), state.serverTimeZone),
      scmInfo: "0000000000000000000000000000000000000000",
      serverTitle: state.title,
    }),
  ),
  route("GET", "/cluster/nodes", (call) => {
    const { state, faults, node } = call.jira;
    if (!call.user?.admin) throw refusal(401, "Administrator privileges are required.");
    return ok(
      nodesOf(faults, node.id).map(({ id }, index) => ({
        nodeId: id,
        state: "ACTIVE",
        ip: `127.0.0.${index + 1}`,
        alive: true,
        cacheListenerPort: 40_001,
        nodeBuildNumber: state.personality.buildNumber,
        nodeVersion: state.personality.version,
        lastStateChangeTimestamp: 0,
      })),
    );
  }),
  route("GET", "/configuration", (call) => {
    signedIn(call);
    return ok({
      votingEnabled: false,
      watchingEnabled: true,
      unassignedIssuesAllowed: true,
      subTasksEnabled: true,
      issueLinkingEnabled: true,
      timeTrackingEnabled: true,
      attachmentsEnabled: true,
      timeTrackingConfiguration: {
        workingHoursPerDay: 8,
        workingDaysPerWeek: 5,
        timeFormat: "pretty",
        defaultUnit: "minute",
      },
    });
  }),
  route("GET", "/myself", (call) => ok(wholeUser(call, signedIn(call)))),
  route("GET", "/user", (call) => {
    signedIn(call);
    const { state } = call.jira;
    const key = call.query.get("key");
    const name = call.query.get("username");
    if (key === null && name === null) {
      throw refusal(400, "Either the 'username' or the 'key' query parameters need to be provided");
    }
    const user = key === null ? findUser(state, name ?? "") : state.users.get(key);
    if (!user)
      throw refusal(
        404,
        `The user ${key === null ? "named" : "with the key"} '${key ?? name}' does not exist`,
      );
    return ok(wholeUser(call, user));
  }),
  route("GET", "/user/search", (call) => {
    // An anonymous caller gets an empty list and no hint that this is why.
    const wanted = (call.query.get("username") ?? "").toLowerCase();
    const users = call.user ? [...call.jira.state.users.values()] : [];
    const found = users.filter((user) => fits(user, wanted));
    const page = pageOf(call.query.get("startAt"), call.query.get("maxResults"), 50, 1_000);
    return ok(slice(found, page).map((user) => userBean(call.jira.state, user)));
  }),
];

function wholeUser(call: Call, user: User) {
  return {
    ...userBean(call.jira.state, user),
    locale: "en_US",
    groups: { size: user.admin ? 2 : 1, items: [] },
    applicationRoles: { size: 1, items: [] },
    expand: "groups,applicationRoles",
  };
}
