import {
  type Answer,
  answerWith,
  type Call,
  type Route,
} from "@/e2e/simulators/jira-data-center/call";
import { JiraError, noSuchEndpoint } from "@/e2e/simulators/jira-data-center/jira-error";
import { applicationLinkRoutes } from "@/e2e/simulators/jira-data-center/routes/application-links";
import {
  attachmentContentRoutes,
  attachmentRoutes,
} from "@/e2e/simulators/jira-data-center/routes/attachments";
import { commentRoutes } from "@/e2e/simulators/jira-data-center/routes/comments";
import { instanceRoutes } from "@/e2e/simulators/jira-data-center/routes/instance";
import { issueRoutes } from "@/e2e/simulators/jira-data-center/routes/issues";
import { linkRoutes } from "@/e2e/simulators/jira-data-center/routes/links";
import { oldWebhookRoutes } from "@/e2e/simulators/jira-data-center/routes/old-webhooks";
import { peopleRoutes } from "@/e2e/simulators/jira-data-center/routes/people";
import { projectRoutes } from "@/e2e/simulators/jira-data-center/routes/projects";
import { propertyRoutes } from "@/e2e/simulators/jira-data-center/routes/properties";
import { remoteLinkRoutes } from "@/e2e/simulators/jira-data-center/routes/remote-links";
import { searchRoutes } from "@/e2e/simulators/jira-data-center/routes/search";
import { sessionRoutes } from "@/e2e/simulators/jira-data-center/routes/session";
import { webhookRoutes } from "@/e2e/simulators/jira-data-center/routes/webhooks";
import { worklogRoutes } from "@/e2e/simulators/jira-data-center/routes/worklogs";

/** Below /rest/api/2. */
export const API: Route[] = [
  ...instanceRoutes,
  ...projectRoutes,
  ...searchRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...propertyRoutes,
  ...worklogRoutes,
  ...attachmentRoutes,
  ...linkRoutes,
  ...remoteLinkRoutes,
  ...peopleRoutes,
];

/** `latest` is another name for 2. */
export function canonicalPath(path: string): string {
  return path.replace(/^\/rest\/api\/latest(?=\/|$)/, "/rest/api/2");
}

/** What Jira answers to a path below /rest. Refusals come back as answers, and so does a bug of the simulator: 500. */
export async function answerRest(
  method: string,
  path: string,
  call: Omit<Call, "params">,
): Promise<Answer> {
  try {
    if (path === "/rest/api/3" || path.startsWith("/rest/api/3/")) return toLogin(call, path);
    const content = await answerWith(attachmentContentRoutes, method, path, call);
    if (content) return content;
    const absent =
      call.jira.state.personality.webhooks === "new" ? oldWebhookRoutes : webhookRoutes;
    for (const [prefix, routes] of PREFIXES) {
      if (!path.startsWith(`${prefix}/`) || routes === absent) continue;
      const answer = await answerWith(routes, method, path.slice(prefix.length), call);
      if (answer) return answer;
    }
    throw noSuchEndpoint();
  } catch (error) {
    if (!(error instanceof JiraError)) {
      console.error(error);
      return { status: 500, json: { errorMessages: ["Internal server error"], errors: {} } };
    }
    return { status: error.status, json: error.body, headers: error.headers };
  }
}

const PREFIXES: [string, Route[]][] = [
  ["/rest/api/2", API],
  ["/rest/jira-webhook/1.0", webhookRoutes],
  ["/rest/webhooks/1.0", oldWebhookRoutes],
  ["/rest/auth/1", sessionRoutes],
  // Some clients read single issues there; the fields are the same.
  [
    "/rest/agile/1.0",
    issueRoutes.filter((each) => each.template === "/issue/:issue" && each.method === "GET"),
  ],
  ["/rest/applinks/1.0", applicationLinkRoutes],
];

/** There is no v3 on Data Center; asking for it lands on the login page. */
function toLogin({ jira }: Omit<Call, "params">, path: string): Answer {
  const login = `${jira.state.baseUrl}/login.jsp?permissionViolation=true&os_destination=${encodeURIComponent(path)}`;
  return { status: 302, headers: { Location: login } };
}
