import type { Metadata } from "next";
import { createFirstAdministrator } from "@/app/welcome/actions";
import { Entrance } from "@/components/access/entrance";
import { WelcomeForm } from "@/components/access/welcome-form";
import { readNodeLabel } from "@/lib/data/node-label";
import { isWelcome } from "@/lib/data/welcome";

export const metadata: Metadata = { title: "Welcome" };

type Props = { searchParams: Promise<{ token?: string }> };

export default async function WelcomePage({ searchParams }: Props) {
  const { token = "" } = await searchParams;
  const works = await isWelcome(token);
  return (
    <Entrance node={await readNodeLabel()} title="The first administrator">
      {works ? (
        <WelcomeForm token={token} create={createFirstAdministrator} />
      ) : (
        <p className="text-soft">
          This link does not work any more: it was used or has expired. A console that nobody can
          sign in to prints a new one when it starts.
        </p>
      )}
    </Entrance>
  );
}
