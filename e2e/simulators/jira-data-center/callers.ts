import { JiraError } from "@/e2e/simulators/jira-data-center/jira-error";
import type { User } from "@/e2e/simulators/jira-data-center/records";
import { findUser, type JiraState } from "@/e2e/simulators/jira-data-center/state";

export const BASIC_IS_OFF = "Basic Authentication has been disabled on this instance.";

/** Jira's default: from then on a person has to log in on a page and solve a CAPTCHA. */
const FAILURES_UNTIL_CAPTCHA = 3;

/** `refused` is an answer that is given instead of the one asked for. */
export type Caller = { user: User | null; loginReason: string; refused?: JiraError };

/**
 * Who a request comes from. Wrong credentials make an anonymous caller, not an error: Jira's oldest trap. Too many
 * wrong passwords are refused until a person has solved the CAPTCHA, right ones too; tokens are not affected.
 */
export function callerOf(
  state: JiraState,
  { authorization, cookie }: { authorization?: string | undefined; cookie?: string | undefined },
): Caller {
  if (!authorization) {
    const user = state.users.get(state.sessions.get(sessionIn(cookie)) ?? "");
    return user?.active ? { user, loginReason: "OK" } : { user: null, loginReason: "OUT" };
  }
  const [scheme = "", credentials = ""] = authorization.trim().split(/\s+/);
  try {
    const user = holderOf(state, scheme.toLowerCase(), credentials);
    if (user?.active) return { user, loginReason: "OK" };
    return { user: null, loginReason: "AUTHENTICATED_FAILED" };
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    return { user: null, loginReason: "AUTHENTICATION_DENIED", refused: error };
  }
}

/** Counts a wrong password; throws once a CAPTCHA has to be solved. */
export function passwordHolder(state: JiraState, name: string, password: string): User | undefined {
  const user = findUser(state, name);
  if (!user) return undefined;
  if (needsCaptcha(state, user)) {
    throw new JiraError(
      403,
      { errorMessages: ["Login denied"], errors: {} },
      {
        "X-Authentication-Denied-Reason": `CAPTCHA_CHALLENGE; login-url=${state.baseUrl}/login.jsp`,
      },
    );
  }
  const isRight = user.password !== null && user.password === password;
  state.failedLogins.set(user.key, isRight ? 0 : (state.failedLogins.get(user.key) ?? 0) + 1);
  return isRight ? user : undefined;
}

export function needsCaptcha(state: JiraState, { key }: User): boolean {
  return (state.failedLogins.get(key) ?? 0) >= FAILURES_UNTIL_CAPTCHA;
}

function holderOf(state: JiraState, scheme: string, credentials: string): User | undefined {
  if (scheme === "bearer") {
    return [...state.users.values()].find(({ token }) => token !== null && token === credentials);
  }
  if (scheme !== "basic") return undefined;
  if (!state.personality.basicAuth) {
    throw new JiraError(403, { errorMessages: [BASIC_IS_OFF], errors: {} });
  }
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return passwordHolder(state, decoded.slice(0, colon), decoded.slice(colon + 1));
}

/** Empty when there is none. */
export function sessionIn(cookie: string | undefined): string {
  return /JSESSIONID=([^;]+)/.exec(cookie ?? "")?.[1] ?? "";
}
