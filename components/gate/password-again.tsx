"use client";
import { useEffect, useState } from "react";
import type { ActionResult } from "@/components/gate/gate-actions";
import { hear } from "@/components/shell/shell-events";
import { laterDialog } from "@/components/ui/later";

const PasswordDialog = laterDialog(
  async () => (await import("@/components/gate/password-dialog")).PasswordDialog,
);

/** Asks for the password again where the server wants it: what was asked for is then asked for once more. */
export function PasswordAgain({
  confirm,
}: {
  confirm: (input: { password: string }) => Promise<ActionResult>;
}) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => hear("asksPassword", () => setOpen(true)), []);
  return isOpen ? <PasswordDialog confirm={confirm} onClose={() => setOpen(false)} /> : null;
}
