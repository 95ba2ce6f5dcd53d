"use client";
import { PageFailure } from "@/components/shell/page-failure";

export default function RootError({ error }: { error: Error & { digest?: string } }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <PageFailure digest={error.digest} />
    </main>
  );
}
