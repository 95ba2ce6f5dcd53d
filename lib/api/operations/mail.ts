import { mailAnswer, mailSettingsAnswer, testMailAnswer } from "@/lib/api/answers/mail";
import { operation } from "@/lib/api/operation";
import { env } from "@/lib/env";
import { mailInput, testMailInput } from "@/lib/mail/mail-input";
import {
  listMails,
  readMailSettings,
  saveMailSettings,
  sendTestMail,
} from "@/lib/mail/settings-store";

export const readMailOfNode = operation({
  id: "readMail",
  method: "GET",
  path: "/settings/mail",
  group: "Settings",
  summary: "How people are told by mail, and the last mails",
  description: "Without the password, which nobody is told.",
  permission: "settings:write",
  answer: mailAnswer,
  carryOut: async ({ db }) => ({
    settings: await readMailSettings(db),
    ...(await listMails(db)),
  }),
});

export const saveMailSettingsOfNode = operation({
  id: "saveMailSettings",
  method: "PUT",
  path: "/settings/mail",
  group: "Settings",
  summary: "Say how people are told by mail, who and what for",
  description:
    "Without a password the stored one stays, as long as it goes where it was entered for. In a copy nothing is sent until its settings are saved there.",
  permission: "settings:write",
  body: mailInput,
  answer: mailSettingsAnswer,
  refuses: { 422: "The password has to be entered." },
  async carryOut({ db, body, by }) {
    await saveMailSettings(db, { ...body, by: by.name });
    return { settings: await readMailSettings(db) };
  },
});

export const sendTestMailOfNode = operation({
  id: "sendTestMail",
  method: "POST",
  path: "/settings/mail/tests",
  group: "Settings",
  summary: "Send a test mail by these settings, saved or not",
  description: "The answer is the server's own, also when it is a refusal.",
  permission: "settings:write",
  body: testMailInput,
  status: 201,
  answer: testMailAnswer,
  refuses: { 422: "The password has to be entered." },
  carryOut: ({ db, body, by }) => sendTestMail(db, { ...body, by: by.name }, env()),
});
