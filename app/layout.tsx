import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { labelWords } from "@/components/shell/environment";
import { parseTheme, THEME_COOKIE } from "@/components/shell/theme";
import { readNodeLabel } from "@/lib/data/node-label";
import "@/app/globals.css";

/** The label comes first in the tab's title: tabs are cut at the end, and two consoles must not look alike. */
export async function generateMetadata(): Promise<Metadata> {
  const { label, isInDoubt } = await readNodeLabel();
  const first = label ? `${labelWords(label, isInDoubt)} · ` : "";
  return {
    title: { template: `${first}%s · Exalate`, default: `${first}Exalate` },
    robots: { index: false, follow: false },
  };
}

export const viewport: Viewport = { colorScheme: "light dark", viewportFit: "cover" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme}>
      <body>{children}</body>
    </html>
  );
}
