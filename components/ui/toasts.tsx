"use client";
import { lazy, Suspense, useEffect, useState } from "react";

const Toaster = lazy(async () => ({
  default: (await import("@/components/ui/toaster")).Toaster,
}));

/** Fetched once the page stands: no page needs it in order to work. */
export function Toasts() {
  const [doesStand, setStands] = useState(false);
  useEffect(() => setStands(true), []);
  return <Suspense>{doesStand && <Toaster />}</Suspense>;
}
