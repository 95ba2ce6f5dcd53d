import { simulatorClient } from "@/e2e/simulators/jira-data-center/client";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openHttp } from "@/lib/connectors/http";
import { jiraDataCenter } from "@/lib/connectors/jira-data-center";
import { openNetwork } from "@/lib/connectors/network";
import { type Bench, behavesLikeAConnector } from "@/lib/testing/conformance";

const PLACE = { project: "ABC", issueType: "Task" };

behavesLikeAConnector(jiraDataCenter, PLACE, async (): Promise<Bench> => {
  const simulator = await startJiraSimulator({ name: "production", contextPath: "/jira" });
  const { baseUrl } = simulator;
  const control = simulatorClient(baseUrl);
  await control.createUser({ name: "mia", timeZone: "Europe/Berlin" });
  await control.createProject({ key: "ABC" });
  const [admin, mia] = [control.as("admin-token"), control.as("mia-token")];
  const network = openNetwork(parseRanges("127.0.0.0/8"));
  const circle = { type: "role", value: "Administrators" };
  return {
    account: { key: "JIRAUSER10000", login: "admin" },
    wrongSecret: "no-such-token",
    circle: `${circle.type}:${circle.value}`,
    priorities: ["Medium", "High"],
    open({ secret = "admin-token", wanted = [] } = {}) {
      const http = openHttp(network, {
        instance: "Production",
        baseUrl,
        authorization: jiraDataCenter.authorization(secret),
        refuses: jiraDataCenter.refuses,
        writeTimeoutMs: 5_000,
      });
      return jiraDataCenter.open(PLACE, http, baseUrl, wanted);
    },
    person: {
      create: (summary, description) => mia.createIssue({ project: "ABC", summary, description }),
      rename: (id, summary) => mia.editIssue(id, { summary }),
      comment: (id, text) => mia.comment(id, text),
      commentPrivately: (id, body) =>
        admin.call("POST", `/api/2/issue/${id}/comment`, { body, visibility: circle }),
      remove: (id) => admin.deleteIssue(id),
    },
    async close() {
      await network.close();
      await simulator.stop();
    },
  };
});
