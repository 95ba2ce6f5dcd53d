import { escapeHtml } from "@/e2e/simulators/jira-data-center/beans";
import { ok, type Route, route } from "@/e2e/simulators/jira-data-center/call";
import { applicationIdFrom } from "@/e2e/simulators/jira-data-center/identity";

/** Who this application is, for anybody who asks: XML, or JSON when that is what the caller accepts. */
export const applicationLinkRoutes: Route[] = [
  route("GET", "/manifest", ({ jira: { state }, accept }) => {
    const { version, buildNumber, applinksVersion } = state.personality;
    const manifest = {
      id: applicationIdFrom(state.serverId),
      name: state.title,
      typeId: "jira",
      version,
      buildNumber,
      applinksVersion,
      inboundAuthenticationTypes: [],
      outboundAuthenticationTypes: [],
      publicSignup: false,
      url: state.baseUrl,
    };
    if (accept.includes("json")) return ok(manifest);
    const members = Object.entries(manifest).filter(([, value]) => !Array.isArray(value));
    const inner = members.map(([name, value]) => `<${name}>${escapeHtml(String(value))}</${name}>`);
    const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
    return { status: 200, xml: `${head}<manifest>${inner.join("")}</manifest>` };
  }),
];
