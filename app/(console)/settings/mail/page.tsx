import type { Metadata } from "next";
import { saveMailSettings, sendTestMail } from "@/app/(console)/settings/mail/actions";
import { MailPanel } from "@/components/settings/mail-panel";
import { MailsPanel } from "@/components/settings/mails-panel";
import { SettingsHead } from "@/components/settings/settings-head";
import { Nothing, Panel } from "@/components/ui/panel";
import { mayDo } from "@/lib/access/permissions";
import { readMail } from "@/lib/data/node-settings";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Mail" };

export default async function MailPage() {
  const viewer = await requirePermission("gate:read");
  const mail = mayDo(viewer.role, "settings:write") ? await readMail() : null;
  return (
    <>
      <SettingsHead here="/settings/mail" />
      {mail ? (
        <>
          <MailPanel
            settings={mail.settings}
            me={viewer.email}
            actions={{ saveMailSettings, sendTestMail }}
          />
          <MailsPanel mails={mail.mails} waiting={mail.waiting} />
        </>
      ) : (
        <Panel title="Mail to people">
          <Nothing title="Administrators see who is told what">
            <p>
              The node writes to people when sync stops, when issues fail and when a connection
              needs somebody. Ask an administrator to be among them.
            </p>
          </Nothing>
        </Panel>
      )}
    </>
  );
}
