import { describe, expect, test } from "vitest";
import { digestOfComment } from "@/lib/sync/comments";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import { isInStep, plan } from "@/lib/sync/plan";
import type { IssueReading } from "@/lib/sync/replica";
import { commentBy, LOCAL, pairInput, REMOTE, reading } from "@/lib/testing/readings";

const DEVELOPERS = "role:Developers";
const secret = { ...commentBy("ada", "5", "the password is hunter2"), restrictedTo: DEVELOPERS };
const local = (more: Partial<IssueReading>) => reading(LOCAL, { id: "10", key: "PROD-1", ...more });
const remote = (more: Partial<IssueReading>) =>
  reading(REMOTE, { id: "20", key: "ACME-1", ...more });
const { mapping } = pairInput();
const mapped = { ...mapping, privateComments: { local: DEVELOPERS, remote: "role:Partners" } };
const level = { field: "security", value: "Internal" };

describe("private comments", () => {
  test("are not sent, and the plan says whose it was and for whom", () => {
    const { plan: planned } = plan(pairInput({ local: local({ comments: [secret] }) }));
    expect(planned.writes).toEqual([]);
    expect(planned.notes).toMatchObject([
      { side: "local", text: "a comment by ada is for role:Developers alone: it is not sent" },
    ]);
  });

  test("travel for the mapped circle and arrive for the other side's", () => {
    const input = pairInput({ local: local({ comments: [secret] }), mapping: mapped });
    expect(plan(input).plan.writes).toMatchObject([
      { kind: "add_comment", side: "remote", originId: "5", restrictedTo: "role:Partners" },
    ]);
    const other = local({ comments: [{ ...secret, restrictedTo: "role:Administrators" }] });
    expect(plan({ ...input, local: other }).plan.writes).toEqual([]);
  });

  test("that were public when they were sent are not edited any more, and what was sent stays", () => {
    const known = {
      side: "local" as const,
      id: "5",
      mirrorId: "90",
      sent: digestOfComment("hello"),
    };
    const { plan: planned } = plan(
      pairInput({
        local: local({ comments: [secret] }),
        remote: remote({ comments: [commentBy("exalate", "90", "hello")] }),
        known: [known],
      }),
    );
    expect(planned.writes).toEqual([]);
    expect(planned.notes.map(({ text }) => text)).toContainEqual(
      expect.stringContaining("stays at the other side"),
    );
  });

  test("that are opened to everybody are opened at their mirror", () => {
    const known = {
      side: "local" as const,
      id: "5",
      mirrorId: "90",
      sent: digestOfComment(secret.body, DEVELOPERS),
    };
    const [write] = plan(
      pairInput({
        local: local({ comments: [{ ...secret, restrictedTo: null }] }),
        remote: remote({ comments: [commentBy("exalate", "90", secret.body)] }),
        known: [known],
        mapping: mapped,
      }),
    ).plan.writes;
    expect(write).toMatchObject({ kind: "update_comment", mirrorId: "90" });
    expect(write).not.toHaveProperty("restrictedTo");
  });
});

describe("a restricted issue", () => {
  test("is not created at the other side, and waits for a person", () => {
    const planned = plan(pairInput({ local: local({ restriction: level }), remote: null }));
    expect(planned.plan.writes).toEqual([]);
    expect(planned.problem).toMatchObject({ code: "restricted" });
    expect(isInStep(planned)).toBe(false);
  });

  test("of a pair sends and receives nothing until its level is mapped", () => {
    const edited = local({ fields: { ...LOCAL, summary: "Secret" }, restriction: level });
    expect(plan(pairInput({ local: edited })).plan.writes).toEqual([]);
    const withLevel = mappingSchema.parse({
      version: 2,
      fields: [
        { local: "summary", remote: "summary", kind: "text" },
        {
          local: "security",
          remote: "security",
          kind: "option",
          values: { toRemote: { Internal: "Partners" }, toLocal: {} },
        },
      ],
    });
    expect(plan(pairInput({ local: edited, mapping: withLevel })).plan.writes).toMatchObject([
      { kind: "update_issue", changes: [{ field: "summary", to: "Secret" }] },
    ]);
  });
});
