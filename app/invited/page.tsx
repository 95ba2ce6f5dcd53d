import type { Metadata } from "next";
import { acceptInvitation } from "@/app/invited/actions";
import { Entrance } from "@/components/access/entrance";
import { InvitedForm } from "@/components/access/invited-form";
import { readNodeLabel } from "@/lib/data/node-label";
import { readInvitation } from "@/lib/data/settings";

export const metadata: Metadata = { title: "Invitation" };

type Props = { searchParams: Promise<{ token?: string }> };

export default async function InvitedPage({ searchParams }: Props) {
  const { token = "" } = await searchParams;
  const invitation = await readInvitation(token);
  return (
    <Entrance
      node={await readNodeLabel()}
      title={invitation ? `Welcome, ${invitation.name}` : "Invitation"}
    >
      {invitation ? (
        <InvitedForm token={token} email={invitation.email} accept={acceptInvitation} />
      ) : (
        <p className="text-soft">
          This link does not work any more: it was used or has expired. Ask an administrator for a
          new one.
        </p>
      )}
    </Entrance>
  );
}
