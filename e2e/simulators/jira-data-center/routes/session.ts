import { randomUUID } from "node:crypto";
import {
  noContent,
  objectBody,
  ok,
  type Route,
  route,
  signedIn,
} from "@/e2e/simulators/jira-data-center/call";
import { BASIC_IS_OFF, passwordHolder, sessionIn } from "@/e2e/simulators/jira-data-center/callers";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";

/** Below /rest/auth/1: a cookie for a password. */
export const sessionRoutes: Route[] = [
  route("POST", "/session", (call) => {
    const { state } = call.jira;
    if (!state.personality.basicAuth) throw refusal(403, BASIC_IS_OFF);
    const { username, password } = objectBody(call);
    const user = passwordHolder(state, String(username), String(password));
    if (!user) throw refusal(401, "Login failed");
    const value = randomUUID().replaceAll("-", "").toUpperCase();
    state.sessions.set(value, user.key);
    const loginInfo = { failedLoginCount: 0, loginCount: 1 };
    return {
      status: 200,
      json: { session: { name: "JSESSIONID", value }, loginInfo },
      headers: { "Set-Cookie": `JSESSIONID=${value}; Path=/; HttpOnly` },
    };
  }),
  route("GET", "/session", (call) => {
    const { name } = signedIn(call);
    const { baseUrl } = call.jira.state;
    return ok({
      self: `${baseUrl}/rest/api/latest/user?username=${encodeURIComponent(name)}`,
      name,
      loginInfo: { failedLoginCount: 0, loginCount: 1 },
    });
  }),
  route("DELETE", "/session", (call) => {
    signedIn(call);
    call.jira.state.sessions.delete(sessionIn(call.headers?.cookie));
    return noContent();
  }),
];
