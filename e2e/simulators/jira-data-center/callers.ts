import type { User } from "@/e2e/simulators/jira-data-center/records";
import { findUser, type JiraState } from "@/e2e/simulators/jira-data-center/state";

/** Who a request comes from. Wrong credentials make an anonymous caller, not an error: Jira's oldest trap. */
export function callerOf(
  state: JiraState,
  authorization: string | undefined,
): { user: User | null; loginReason: string } {
  if (!authorization) return { user: null, loginReason: "OUT" };
  const user = holderOf(state, authorization);
  if (user?.active) return { user, loginReason: "OK" };
  return { user: null, loginReason: "AUTHENTICATED_FAILED" };
}

function holderOf(state: JiraState, authorization: string): User | undefined {
  const [scheme = "", credentials = ""] = authorization.trim().split(/\s+/);
  if (scheme.toLowerCase() === "bearer") {
    return [...state.users.values()].find(({ token }) => token !== null && token === credentials);
  }
  if (scheme.toLowerCase() !== "basic") return undefined;
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  const user = findUser(state, decoded.slice(0, colon));
  return user?.password !== null && user?.password === decoded.slice(colon + 1) ? user : undefined;
}
