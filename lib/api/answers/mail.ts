import { z } from "zod";
import { count, id, moment } from "@/lib/api/answers/common";
import { MAIL_KINDS, MAIL_SECURITY } from "@/lib/mail/mail";

const settings = z
  .object({
    isOn: z.boolean(),
    server: z.object({
      host: z.string(),
      port: z.int(),
      security: z.enum(MAIL_SECURITY),
      user: z.string().nullable(),
      sender: z.string(),
      hasPassword: z.boolean(),
    }),
    recipients: z.array(z.string()),
    kinds: z.array(z.enum(MAIL_KINDS)),
    backlogHours: z.int(),
    isOurs: z
      .boolean()
      .describe("`false` in a copy that they came with: nothing is sent until they are saved."),
  })
  .meta({ id: "MailSettings" });

export const mailSettingsAnswer = z.object({
  settings: settings.nullable().describe("Null: nobody has set them yet."),
});

export const mailAnswer = mailSettingsAnswer.extend({
  mails: z
    .array(
      z.object({
        id,
        kind: z.enum(MAIL_KINDS),
        subject: z.string(),
        madeAt: moment,
        state: z.enum(["waiting", "sending", "sent", "failed"]),
        dueAt: moment,
        attempts: count,
        recipients: z.array(z.string()),
        endedAt: moment.nullable(),
        answer: z.string().nullable().describe("The server's own words, or why there are none."),
      }),
    )
    .describe("The last twenty, newest first."),
  waiting: count.describe("Things to tell with the next mail of their kind."),
});

export const testMailAnswer = z.object({ isSent: z.boolean(), answer: z.string() });
