import { z } from "zod";
import { MAIL_KINDS, MAIL_SECURITY } from "@/lib/mail/mail";

const address = z.email().max(320);

export const mailServerInput = z
  .strictObject({
    host: z
      .string()
      .trim()
      .min(1)
      .max(253)
      .regex(/^[A-Za-z0-9._:-]+$/, "is a name or an address, without a scheme or a port"),
    port: z.number().int().min(1).max(65_535),
    security: z.enum(MAIL_SECURITY),
    user: z
      .string()
      .trim()
      .max(320)
      .nullable()
      .transform((user) => user || null),
    password: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe("Left out: the stored one, as long as host, port, security and user are the same."),
    sender: address,
  })
  .refine(({ security, user }) => user === null || security !== "none", {
    path: ["security"],
    error: "a password is sent over TLS only",
  });
export type MailServerInput = z.output<typeof mailServerInput>;

const recipients = z.array(address).min(1).max(20);

export const mailInput = z.strictObject({
  isOn: z.boolean(),
  server: mailServerInput,
  recipients,
  kinds: z.array(z.enum(MAIL_KINDS)).max(MAIL_KINDS.length),
  backlogHours: z
    .number()
    .int()
    .min(1)
    .max(168)
    .describe("A backlog that grows is told after so many hours without sync."),
});
export type MailInput = z.output<typeof mailInput>;

export const testMailInput = z.strictObject({ server: mailServerInput, recipients });
export type TestMailInput = z.output<typeof testMailInput>;
