import type { Metadata } from "next";
import { Entrance } from "@/components/access/entrance";
import { SignInForm } from "@/components/access/sign-in-form";
import { nextPath } from "@/components/access/sign-in-words";
import { readNodeLabel } from "@/lib/data/node-label";

export const metadata: Metadata = { title: "Sign in" };

type Props = { searchParams: Promise<{ next?: string; callbackUrl?: string }> };

export default async function SignInPage({ searchParams }: Props) {
  const { next, callbackUrl } = await searchParams;
  return (
    <Entrance node={await readNodeLabel()} title="Sign in">
      <SignInForm next={nextPath(next ?? callbackUrl)} />
    </Entrance>
  );
}
