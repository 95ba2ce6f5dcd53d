import { expect } from "vitest";
import { planFirst } from "@/lib/connections/setup-store";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { test } from "@/lib/testing/connected";

test("the first plans say how many there are, and which would be a second issue of one summary", async ({
  db,
  connected,
}) => {
  const ours = connected.production.as("mia-token");
  for (const summary of ["One", "Two", "Three", "Pump  leaks"])
    await ours.createIssue({ project: "PROD", summary, labels: ["sync"] });
  const theirs = connected.partner.as("mia-token");
  await theirs.createIssue({ project: "ACME", summary: "Pump leaks badly" });
  const { key } = await theirs.createIssue({ project: "ACME", summary: "pump leaks" });
  const { localInstanceId, remoteInstanceId } = await db.connection.findFirstOrThrow();
  const { total, previews } = await planFirst(db, connected.network, {
    places: {
      local: {
        instance: localInstanceId,
        project: "PROD",
        issueType: "Task",
        trigger: "labels = sync",
      },
      remote: { instance: remoteInstanceId, project: "ACME", issueType: "Task" },
    },
    mapping: mappingSchema.parse({}),
    policy: "hold",
    firstMeeting: "hold",
  });
  expect(total).toBe(4);
  expect(previews.map((preview) => [preview.summary, preview.alike])).toEqual([
    ["Pump  leaks", key],
    ["Three", null],
    ["Two", null],
  ]);
});
