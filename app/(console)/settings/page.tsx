import type { Metadata } from "next";
import {
  changeMyPassword,
  changeRole,
  createToken,
  endMySession,
  endOtherSessions,
  endPersonSessions,
  invitePerson,
  revokeToken,
  setPersonDisabled,
} from "@/app/(console)/settings/actions";
import { AboutPanel } from "@/components/settings/about-panel";
import { AccountPanel } from "@/components/settings/account-panel";
import { PeoplePanel } from "@/components/settings/people-panel";
import { SettingsHead } from "@/components/settings/settings-head";
import { TokensPanel } from "@/components/settings/tokens-panel";
import { mayDo } from "@/lib/access/permissions";
import { readAbout, readMySessions, readPeople, readTokens } from "@/lib/data/settings";
import { requirePermission } from "@/lib/data/viewer";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const viewer = await requirePermission("gate:read");
  const mayManage = mayDo(viewer.role, "access:manage");
  const [sessions, about, access, tokens] = await Promise.all([
    readMySessions(),
    readAbout(),
    mayManage ? readPeople() : null,
    mayManage ? readTokens() : null,
  ]);
  return (
    <div className="flex flex-col gap-4">
      <SettingsHead here="/settings" />
      {access && (
        <PeoplePanel
          people={access.people}
          invitations={access.invitations}
          me={viewer.id}
          actions={{ invitePerson, changeRole, setPersonDisabled, endPersonSessions }}
        />
      )}
      {tokens && <TokensPanel tokens={tokens} actions={{ createToken, revokeToken }} />}
      <AccountPanel
        email={viewer.email}
        sessions={sessions}
        actions={{ endMySession, endOtherSessions, changeMyPassword }}
      />
      <AboutPanel about={about} />
    </div>
  );
}
