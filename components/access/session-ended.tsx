"use client";
import { useState } from "react";
import { useGate } from "@/components/live/live-provider";
import { laterDialog } from "@/components/ui/later";

const SignInAgain = laterDialog(
  async () => (await import("@/components/access/sign-in-again")).SignInAgain,
);

/**
 * When the session has ended while a page is open: asks for the password in place, so that nothing that
 * was typed is lost. It can be put aside, to read or to copy; the banner still says how things stand.
 */
export function SessionEnded({ email }: { email: string }) {
  const { isSignedOut } = useGate(null);
  const [isPutAside, setPutAside] = useState(false);
  if (!isSignedOut) {
    if (isPutAside) setPutAside(false);
    return null;
  }
  if (isPutAside) return null;
  return <SignInAgain email={email} onClose={() => setPutAside(true)} />;
}
