import type { MailInput } from "@/lib/mail/mail-input";
import { saveMailSettings } from "@/lib/mail/settings-store";
import type { Cases } from "@/lib/testing/api-cases";

/** Of what is set for the node as a whole: see `api-cases.ts`. */
export const CASES_OF_SETTINGS: Cases = {
  readEnvironment: async () => ({}),
  changeEnvironment: async () => ({ body: { label: "Staging", colour: "violet" } }),
  readHistory: async () => ({}),
  changePeriods: async () => ({ body: { changes: 30, errors: null } }),
  previewRemoval: async () => ({ body: { kind: "work", days: 30 } }),
  readMail: async (db) => {
    await saveMailSettings(db, { ...MAIL, by: "ada" });
    return {};
  },
  saveMailSettings: async () => ({ body: MAIL }),
  // Nobody listens there: what the server would say is told, and it is not sent.
  sendTestMail: async () => ({ body: { server: MAIL.server, recipients: MAIL.recipients } }),
};

const MAIL: MailInput = {
  isOn: true,
  server: {
    host: "127.0.0.1",
    port: 9,
    security: "none",
    user: null,
    sender: "exalate@example.com",
  },
  recipients: ["ops@example.com"],
  kinds: ["gate_closed", "connection_stopped"],
  backlogHours: 4,
};
