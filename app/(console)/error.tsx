"use client";
import { PageFailure } from "@/components/shell/page-failure";

export default function ConsoleError({ error }: { error: Error & { digest?: string } }) {
  return <PageFailure digest={error.digest} />;
}
