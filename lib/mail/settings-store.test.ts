import { describe, expect } from "vitest";
import type { MailInput } from "@/lib/mail/mail-input";
import {
  listMails,
  readMailSettings,
  saveMailSettings,
  sendTestMail,
} from "@/lib/mail/settings-store";
import { NETWORK, subjects, test } from "@/lib/testing/mail";

describe("the password", () => {
  const withPassword = (settings: MailInput): MailInput => ({
    ...settings,
    server: {
      ...settings.server,
      security: "starttls",
      user: "exalate",
      password: "canary-3c1f",
    },
  });

  test("is sealed, told to nobody, kept when it is left out, and sent to no other server", async ({
    db,
    settings,
  }) => {
    const given = withPassword(settings);
    await saveMailSettings(db, { ...given, by: "ada" });
    const { password: _, ...server } = given.server;
    await saveMailSettings(db, { ...given, server, recipients: ["ben@example.com"], by: "ada" });
    const stored = await db.mailSettings.findUniqueOrThrow({ where: { id: 1 } });
    expect(stored.secret).toMatch(/^v1\./);
    expect((await readMailSettings(db))?.server).toEqual({ ...server, hasPassword: true });
    expect(
      JSON.stringify([await db.audit.findMany(), await listMails(db)], printable),
    ).not.toContain("canary-3c1f");

    for (const other of [
      { host: "127.0.0.2" },
      { port: 2525 },
      { user: "eve" },
      { security: "tls" as const },
    ])
      for (const use of [
        () => saveMailSettings(db, { ...given, server: { ...server, ...other }, by: "eve" }),
        () =>
          sendTestMail(
            db,
            { server: { ...server, ...other }, recipients: given.recipients, by: "eve" },
            NETWORK,
          ),
      ])
        await expect(use()).rejects.toMatchObject({
          reason: "invalid",
          message: expect.stringMatching(/^enter the password/),
        });
  });

  test("a test mail tells the server's answer, and is audited", async ({
    db,
    settings,
    mailbox,
  }) => {
    const { server, recipients } = settings;
    expect(await sendTestMail(db, { server, recipients, by: "ada" }, NETWORK)).toEqual({
      isSent: true,
      answer: "250 taken",
    });
    expect(subjects(mailbox)).toEqual(["[Exalate] A test mail"]);
    expect(await db.audit.findFirst({ where: { action: "settings.mail_tested" } })).toMatchObject({
      actor: "ada",
      subject: `127.0.0.1:${mailbox.port}`,
    });
  });
});

function printable(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
