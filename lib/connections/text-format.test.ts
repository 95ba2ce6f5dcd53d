import { expect } from "vitest";
import { openSides } from "@/lib/connections/connection-opener";
import { createConnection, createInstance } from "@/lib/connections/connection-store";
import { connectionInput, instanceInput } from "@/lib/connections/schema";
import { parseRanges } from "@/lib/connectors/address-guard";
import { openNetwork } from "@/lib/connectors/network";
import { test } from "@/lib/testing/database";

const at = (name: string, more: object = {}) =>
  instanceInput.parse({ name, baseUrl: `https://${name}.example.com`, token: "secret", ...more });

test("texts of a Redmine are written in the formatting that was chosen for it, and in Textile where nothing was", async ({
  db,
}) => {
  const kind = "redmine";
  await createInstance(db, at("usual", { kind }), "ada");
  await createInstance(db, at("modern", { kind, textFormat: "markdown" }), "ada");
  const side = (instance: string) => ({ instance, project: "support", issueType: "Bug" });
  const { id } = await createConnection(
    db,
    connectionInput.parse({ name: "Both", local: side("usual"), remote: side("modern") }),
    "ada",
  );
  const connection = await db.connection.findUniqueOrThrow({
    where: { id },
    include: { localInstance: true, remoteInstance: true },
  });
  const network = openNetwork(parseRanges("127.0.0.0/8"));
  const sides = openSides(connection, network, { writeTimeoutMs: 1_000 });
  expect([sides.local.markup, sides.remote.markup]).toEqual(["textile", "markdown"]);
  await network.close();
  const created = await db.audit.findMany({
    where: { action: "instance.created" },
    orderBy: { id: "asc" },
  });
  expect(created.map(({ detail }) => (detail as { textFormat?: string }).textFormat)).toEqual([
    undefined,
    "markdown",
  ]);
});

test("an instance whose texts have one markup has none to choose", async ({ db }) => {
  await expect(createInstance(db, at("jira", { textFormat: "markdown" }), "ada")).rejects.toThrow(
    "the texts of Jira Data Center have one markup",
  );
  expect(await db.instance.count()).toBe(0);
});
