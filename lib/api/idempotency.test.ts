import { describe, expect } from "vitest";
import { POST as connect } from "@/app/api/v1/connections/route";
import { POST as createInstance } from "@/app/api/v1/instances/route";
import { nodeKey, unseal } from "@/lib/access/seal";
import { forgetOldCalls } from "@/lib/api/forget-store";
import { idempotencyKey } from "@/lib/api/idempotency";
import { webhookContext } from "@/lib/connections/connection-store";
import { type Call, test } from "@/lib/testing/api";

const instance = (name: string) => ({ name, baseUrl: "http://127.0.0.1:9/", token: "a-token" });

async function twoInstances(call: Call): Promise<void> {
  for (const name of ["Production", "Partner"])
    expect((await call(createInstance, { body: instance(name) })).status).toBe(201);
}

const between = (name: string) => ({
  name,
  local: { instance: "Production", project: "PROD" },
  remote: { instance: "Partner", project: "ACME" },
});

describe("a creation with an Idempotency-Key", () => {
  test("sent again is answered as it was, with the secret that is shown once, and makes nothing", async ({
    call,
    db,
  }) => {
    await twoInstances(call);
    const sent = { body: between("Acme"), headers: { "idempotency-key": "k-1" } };
    const first = await call(connect, sent);
    expect(first.status).toBe(201);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    const again = await call(connect, sent);
    expect([again.status, again.answer]).toEqual([201, first.answer]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(await db.connection.count()).toBe(1);
    expect(await db.audit.count({ where: { action: "connection.created" } })).toBe(1);
    const { webhookSecret } = await db.connection.findFirstOrThrow();
    expect(unseal(nodeKey(), webhookSecret, webhookContext("Acme"))).toBe(
      first.answer.webhookSecret,
    );
    // What is kept tells nobody who reads the database.
    const kept = JSON.stringify(await db.idempotencyKey.findMany());
    expect(kept).not.toContain(first.answer.webhookSecret);
    expect(kept).not.toContain("Acme");
  });

  test("sent many times at once is carried out once, and all get the one answer", async ({
    call,
    db,
  }) => {
    await twoInstances(call);
    const sent = { body: between("Acme"), headers: { "idempotency-key": "k-1" } };
    const answers = await Promise.all(Array.from({ length: 6 }, () => call(connect, sent)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(answers.filter(({ headers }) => headers.has("idempotency-replayed"))).toHaveLength(5);
    expect(await db.connection.count()).toBe(1);
  });

  test("is refused when its key was used for something else, by this token alone", async ({
    call,
    db,
  }) => {
    const headers = { "idempotency-key": "k-1" };
    expect((await call(createInstance, { body: instance("Production"), headers })).status).toBe(
      201,
    );
    for (const body of [instance("Partner"), { ...instance("Production"), token: "another" }])
      expect(await call(createInstance, { body, headers })).toMatchObject({
        status: 422,
        answer: { detail: expect.stringContaining("make up a new one") },
      });
    await db.apiToken.create({
      data: { name: "ci", tokenHash: "x", role: "administrator", createdAt: new Date() },
    });
    await db.idempotencyKey.updateMany({
      data: { tokenId: (await db.apiToken.findFirstOrThrow({ where: { name: "ci" } })).id },
    });
    expect((await call(createInstance, { body: instance("Partner"), headers })).status).toBe(201);
  });

  test("that was refused may be sent again with its key once nothing stands in the way", async ({
    call,
    db,
  }) => {
    const sent = { body: between("Acme"), headers: { "idempotency-key": "k-1" } };
    expect((await call(connect, sent)).status).toBe(422);
    expect(await db.idempotencyKey.count()).toBe(0);
    await twoInstances(call);
    expect((await call(connect, sent)).status).toBe(201);
  });

  test("leaves nothing behind when the console dies before the answer is kept", async ({
    call,
    db,
    pool,
  }) => {
    // The last statement before the commit fails, as when the connection breaks there.
    await pool.query(`
      create function broken() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
      create trigger broken before update on idempotency_key execute function broken();`);
    const sent = { body: instance("Production"), headers: { "idempotency-key": "k-1" } };
    expect((await call(createInstance, sent)).status).toBe(500);
    expect(await db.instance.count()).toBe(0);
    expect(await db.audit.count()).toBe(0);
    await pool.query("drop trigger broken on idempotency_key");
    expect((await call(createInstance, sent)).status).toBe(201);
    expect(await db.instance.count()).toBe(1);
  });

  test("is kept for a day; then the key is free, and a worker forgets what was kept", async ({
    call,
    db,
    pool,
  }) => {
    const sent = (name: string, key: string) =>
      call(createInstance, { body: instance(name), headers: { "idempotency-key": key } });
    await sent("Production", "k-1");
    await sent("Partner", "k-2");
    await forgetOldCalls(pool);
    expect(await db.idempotencyKey.count()).toBe(2);
    await db.$executeRaw`update idempotency_key set at = at - interval '24 hours'`;
    expect((await sent("Third", "k-1")).status).toBe(201);
    await forgetOldCalls(pool);
    expect((await db.idempotencyKey.findMany()).map(({ key }) => key)).toEqual(["k-1"]);
  });

  test("needs a key that can be one", async ({ call, db }) => {
    for (const key of ["", "two words", '"', "x".repeat(203)])
      expect(
        await call(createInstance, {
          body: instance("Production"),
          headers: { "idempotency-key": key },
        }),
      ).toMatchObject({ status: 400 });
    expect(await db.instance.count()).toBe(0);
    expect(idempotencyKey.parse('"8e03978e"')).toBe(idempotencyKey.parse("8e03978e"));
  });
});
