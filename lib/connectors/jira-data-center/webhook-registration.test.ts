import { describe, expect } from "vitest";
import { test as base } from "@/e2e/simulators/jira-data-center/fixture";
import { VERSIONS, type Version } from "@/e2e/simulators/jira-data-center/personality";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openHttp } from "@/lib/connectors/http";
import { jiraDataCenter } from "@/lib/connectors/jira-data-center";
import { jiraWebhooks } from "@/lib/connectors/jira-data-center/webhook-registration";
import { openNetwork } from "@/lib/connectors/network";
import type { WebhookRegistrar } from "@/lib/connectors/webhook-registrar";
import { openTicket } from "@/lib/testing/ticket";

type Fixtures = {
  /** The webhooks of a Jira as an account sees them. */
  webhooksOf: (baseUrl: string, token?: string) => WebhookRegistrar;
};

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  webhooksOf: async ({}, use) => {
    const network = openNetwork(parseRanges("127.0.0.0/8"));
    await use((baseUrl, token = "admin-token") =>
      jiraWebhooks(
        openHttp(network, {
          instance: "Production",
          baseUrl,
          authorization: jiraDataCenter.authorization(token),
          refuses: jiraDataCenter.refuses,
          writeTimeoutMs: 5_000,
        }),
        "ABC",
      ),
    );
    await network.close();
  },
});

const wanted = (url: string) => ({
  name: "Exalate console",
  url,
  secret: "s3cret",
  checksCertificate: null,
});
const signs = (version: Version) => version !== "9.12";

describe.for(VERSIONS)("the webhooks of Jira %s", (version) => {
  test("can be registered, listed and removed, and bring what happens to issues of the project", async ({
    start,
    receiver,
    webhooksOf,
  }) => {
    const { simulator, control, mia } = await start({ version });
    await control.createProject({ key: "OTHER" });
    const webhooks = webhooksOf(simulator.baseUrl);
    expect(await webhooks.list()).toEqual([]);
    expect(await webhooks.signs()).toBe(signs(version));

    const sent = await webhooks.create(openTicket(), wanted(`${receiver.url}/a?side=local`));
    expect(sent.kind).toBe("applied");
    const [listed, ...more] = await webhooks.list();
    expect(more).toEqual([]);
    expect(listed).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      name: "Exalate console",
      url: `${receiver.url}/a?side=local`,
      isEnabled: true,
    });
    if (!listed) return;
    expect(await webhooks.lacks(listed)).toBeNull();

    await mia.createIssue({ project: "ABC", summary: "Ours" });
    await simulator.webhooksSettled();
    expect(
      receiver.received.map(({ path, headers }) => [path, "x-hub-signature" in headers]),
    ).toEqual([["/a?side=local", signs(version)]]);
    await mia.createIssue({ project: "OTHER", summary: "Not ours" });
    await simulator.webhooksSettled();
    expect(receiver.received).toHaveLength(signs(version) ? 2 : 1);

    expect((await webhooks.remove(openTicket(), listed.id)).kind).toBe("applied");
    expect(await webhooks.list()).toEqual([]);
  });

  test("that were switched off, or tell too little, do not suit, and are put right in their place", async ({
    start,
    webhooksOf,
  }) => {
    const { simulator, admin } = await start({ version });
    const webhooks = webhooksOf(simulator.baseUrl);
    const poor = {
      name: "by hand",
      url: "https://console.example.com/a",
      events: ["jira:issue_created"],
    };
    await (signs(version)
      ? admin.call("POST", "/jira-webhook/1.0/webhooks", { ...poor, active: false })
      : admin.call("POST", "/webhooks/1.0/webhook", { ...poor, enabled: false }));
    const [before] = await webhooks.list();
    if (!before) throw new Error("nothing was registered");
    expect(before.isEnabled).toBe(false);
    expect(await webhooks.lacks(before)).toBe("enabled");
    expect(await webhooks.lacks({ ...before, isEnabled: true })).toBe("events");
    const sent = await webhooks.update(openTicket(), before.id, wanted(before.url));
    expect(sent.kind).toBe("applied");
    const [after, ...more] = await webhooks.list();
    expect(more).toEqual([]);
    expect(after).toMatchObject({ id: before.id, isEnabled: true });
    expect(after && (await webhooks.lacks(after))).toBeNull();
  });

  test("count what did not arrive, where Jira counts it", async ({ start, webhooksOf }) => {
    const { simulator, mia } = await start({ version });
    const webhooks = webhooksOf(simulator.baseUrl);
    await webhooks.create(openTicket(), wanted("http://127.0.0.1:9/nobody-listens"));
    await mia.createIssue({ project: "ABC", summary: "Unheard" });
    await simulator.webhooksSettled();
    expect(await webhooks.list()).toMatchObject([{ failed: signs(version) ? 1 : null }]);
  });

  test("are for administrators of Jira: anybody else is told so", async ({ start, webhooksOf }) => {
    const { simulator } = await start({ version });
    const webhooks = webhooksOf(simulator.baseUrl, "mia-token");
    await expect(webhooks.list()).rejects.toThrow(/403.*Administrator/i);
    const sent = await webhooks.create(openTicket(), wanted("https://console.example.com/a"));
    expect(sent).toMatchObject({ kind: "failed", error: { code: "field_rejected" } });
  });

  test("that somebody removed meanwhile need no removing", async ({ start, webhooksOf }) => {
    const { simulator } = await start({ version });
    const webhooks = webhooksOf(simulator.baseUrl);
    expect((await webhooks.remove(openTicket(), "4711")).kind).toBe("applied");
  });
});

test("a Jira that gives its list in pages is read to the end", async ({ start, webhooksOf }) => {
  const { simulator, admin } = await start({ version: "10.3" });
  for (let number = 1; number <= 130; number += 1)
    await admin.createWebhook({
      url: `https://example.com/${number}`,
      events: ["jira:issue_created"],
    });
  const listed = await webhooksOf(simulator.baseUrl).list();
  expect(new Set(listed.map(({ url }) => url)).size).toBe(130);
});
