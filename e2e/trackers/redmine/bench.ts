import { inject } from "vitest";
import { type RedmineClient, redmineClient } from "@/e2e/trackers/redmine/client";
import { KEYS } from "@/e2e/trackers/redmine/server";
import { parseRanges } from "@/lib/connectors/address-guard";
import type { Http, OpenSide, Part, Wanted } from "@/lib/connectors/connector";
import { openHttp } from "@/lib/connectors/http";
import { openNetwork } from "@/lib/connectors/network";
import { redmine } from "@/lib/connectors/redmine";
import type { Bench } from "@/lib/testing/conformance";

/** The product's connector on the run's Redmine, and people who work there. */
export function openRedmineBench(project = "sync") {
  const baseUrl = inject("redmineUrl");
  const network = openNetwork(parseRanges("127.0.0.0/8"));
  const ada = redmineClient(baseUrl, KEYS.ada);
  const admin = redmineClient(baseUrl, KEYS.admin);
  const httpAs = (key: string): Http =>
    openHttp(network, {
      instance: "Redmine",
      baseUrl,
      authorization: redmine.authorization(key),
      refuses: redmine.refuses,
      writeTimeoutMs: 10_000,
    });
  const open = (
    options: { secret?: string; wanted?: Wanted[]; trigger?: string; parts?: Part[] } = {},
  ): OpenSide => {
    const { secret = KEYS.exalate, wanted = [], trigger, parts = [] } = options;
    const settings = redmine.settings.parse({ project, issueType: "Bug", trigger });
    return redmine.open(settings, httpAs(secret), baseUrl, wanted, parts);
  };
  return { baseUrl, ada, admin, open, httpAs, close: () => network.close() };
}

export function conformanceBench(): Bench {
  // Anybody may see it: a wrong key is answered as if nobody had signed in.
  const project = "public";
  const { ada, admin, open, close } = openRedmineBench(project);
  return {
    open,
    close,
    wrongSecret: "f".repeat(40),
    account: { key: "exalate", login: "exalate" },
    circle: "private",
    priorities: ["Normal", "High"],
    person: personOf(ada, admin, project),
  };
}

function personOf(ada: RedmineClient, admin: RedmineClient, project: string): Bench["person"] {
  return {
    async create(summary, description) {
      const { id } = await ada.create(summary, { project_id: project, description });
      return { id: String(id), key: `#${id}` };
    },
    rename: (id, subject) => ada.edit(id, { subject }),
    comment: (id, text) => ada.note(id, text),
    commentPrivately: (id, text) => ada.note(id, text, true),
    remove: (id) => admin.remove(id),
  };
}
