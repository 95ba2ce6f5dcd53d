import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SMTPServerOptions } from "smtp-server";
import { afterAll, test as base, beforeAll, describe, expect } from "vitest";
import { type MailServer, postMail } from "@/lib/mail/smtp";
import { type Mailbox, openMailbox } from "@/lib/testing/mailbox";

const HERE = { ALLOWED_ADDRESSES: "127.0.0.0/8", EXTRA_CA_FILE: undefined };
const LETTER = {
  subject: "[PRODUCTION] Synchronisation stopped",
  body: "Nothing is sent until somebody activates it.\n\nhttps://sync.example.com/activation",
  recipients: ["ops@example.com", "ada@example.com"],
  messageId: "<1.node@exalate>",
};

const test = base.extend<{ open: (...asked: Parameters<typeof openMailbox>) => Promise<Mailbox> }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  open: async ({}, use) => {
    const opened: Mailbox[] = [];
    await use(async (...asked) => {
      const mailbox = await openMailbox(...asked);
      opened.push(mailbox);
      return mailbox;
    });
    for (const mailbox of opened) await mailbox.close();
  },
});

const server = (port: number, rest: Partial<MailServer> = {}): MailServer => ({
  host: "127.0.0.1",
  port,
  security: "none",
  user: null,
  password: null,
  sender: "exalate@example.com",
  ...rest,
});

describe("a mail", () => {
  test("arrives as it is, at everybody it is for, and the server's answer is told", async ({
    open,
  }) => {
    const mailbox = await open();
    expect(await postMail(server(mailbox.port), LETTER, HERE)).toEqual({
      kind: "sent",
      answer: "250 taken",
    });
    expect(mailbox.mails).toEqual([
      {
        subject: LETTER.subject,
        body: `${LETTER.body}\n`,
        to: LETTER.recipients,
        messageId: LETTER.messageId,
      },
    ]);
  });

  test("goes to no address that is not allowed, given as a number or by a name that leads there", async ({
    open,
  }) => {
    const mailbox = await open();
    for (const host of ["127.0.0.1", "localhost"]) {
      const posted = await postMail(server(mailbox.port, { host }), LETTER, {
        ...HERE,
        ALLOWED_ADDRESSES: "",
      });
      expect(posted).toMatchObject({
        kind: "refused",
        answer: expect.stringMatching(/ALLOWED_ADDRESSES/),
      });
    }
    expect(mailbox.connections()).toBe(0);
  });

  test("that the server does not take is refused, in the server's words", async ({ open }) => {
    const mailbox = await open({}, { refuses: "the quota is used up" });
    expect(await postMail(server(mailbox.port), LETTER, HERE)).toEqual({
      kind: "refused",
      answer: "450 the quota is used up",
    });
  });

  test("whose words had left when the connection broke is lost: nobody knows whether it was taken", async ({
    open,
  }) => {
    const mailbox = await open({}, { drops: true });
    expect(await postMail(server(mailbox.port), LETTER, HERE)).toMatchObject({ kind: "lost" });
  });

  test("is not sent when the node's own settings cannot be used, and that is told", async ({
    open,
  }) => {
    const mailbox = await open();
    const posted = await postMail(server(mailbox.port), LETTER, {
      ...HERE,
      EXTRA_CA_FILE: "/nowhere/authority.pem",
    });
    expect(posted).toEqual({
      kind: "refused",
      answer: "EXTRA_CA_FILE: /nowhere/authority.pem cannot be read",
    });
    expect(mailbox.connections()).toBe(0);
  });

  test("that finds no server was not sent", async ({ open }) => {
    const mailbox = await open();
    await mailbox.close();
    expect(await postMail(server(mailbox.port), LETTER, HERE)).toEqual({
      kind: "refused",
      answer: "127.0.0.1 takes no connection at this port.",
    });
  });
});

describe("a server with a password", () => {
  const folder = mkdtempSync(join(tmpdir(), "mail-"));
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  beforeAll(() => {
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "2"],
      ...["-subj", "/CN=mail", "-addext", "subjectAltName=IP:127.0.0.1"],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const guarded = (rest: SMTPServerOptions): SMTPServerOptions => ({
    key: readFileSync(key),
    cert: readFileSync(certificate),
    authOptional: false,
    disabledCommands: [],
    onAuth({ username, password }, _, callback) {
      if (username === "exalate" && password === "right") callback(null, { user: "exalate" });
      else callback(new Error("no such user here"));
    },
    ...rest,
  });
  const asExalate = { user: "exalate", password: "right" };

  test("gets it over TLS from the first byte, or after STARTTLS, when its authority is trusted", async ({
    open,
  }) => {
    const trusting = { ...HERE, EXTRA_CA_FILE: certificate };
    for (const security of ["tls", "starttls"] as const) {
      const mailbox = await open(guarded({ secure: security === "tls" }));
      const posted = await postMail(
        server(mailbox.port, { ...asExalate, security }),
        LETTER,
        trusting,
      );
      expect(posted).toMatchObject({ kind: "sent" });
      expect(mailbox.mails).toHaveLength(1);
    }
  });

  test("of an unknown authority, or without STARTTLS, gets no password", async ({ open }) => {
    let asked = 0;
    const counting = guarded({
      onAuth(_, __, callback) {
        asked += 1;
        callback(null, { user: "exalate" });
      },
    });
    const unknown = await open(counting);
    const plain = await open({ ...counting, disabledCommands: ["STARTTLS"] });
    for (const { port } of [unknown, plain])
      expect(
        await postMail(server(port, { ...asExalate, security: "starttls" }), LETTER, HERE),
      ).toMatchObject({ kind: "refused" });
    expect([asked, unknown.mails.length, plain.mails.length]).toEqual([0, 0, 0]);
  });

  test("that does not know it says so", async ({ open }) => {
    const mailbox = await open(guarded({}));
    const posted = await postMail(
      server(mailbox.port, { ...asExalate, password: "wrong", security: "starttls" }),
      LETTER,
      { ...HERE, EXTRA_CA_FILE: certificate },
    );
    expect(posted).toMatchObject({
      kind: "refused",
      answer: expect.stringMatching(/^535.*no such user here/),
    });
  });
});
