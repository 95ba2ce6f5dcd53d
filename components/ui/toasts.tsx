"use client";
import { useEffect, useState } from "react";
import { later } from "@/components/ui/later";

const Toaster = later(async () => (await import("@/components/ui/toaster")).Toaster, {
  Missing: AskAgain,
});

/** Between two attempts to fetch what shows messages: those that were told meanwhile wait for it. */
const AGAIN_MS = 10_000;

/** Fetched once the page stands: no page needs it in order to work. */
export function Toasts() {
  const [doesStand, setStands] = useState(false);
  useEffect(() => setStands(true), []);
  return doesStand && <Toaster />;
}

/** No message can say that messages cannot be shown. */
function AskAgain({ again }: { again: () => Promise<void> }) {
  useEffect(() => {
    const timer = setInterval(() => void again(), AGAIN_MS);
    return () => clearInterval(timer);
  });
  return null;
}
