import "server-only";
import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { z } from "zod";
import { namedCaller } from "@/lib/access/caller-address";
import { derivedSecret } from "@/lib/access/seal";
import { endSession } from "@/lib/access/session-store";
import { type SignInResult, signInWith } from "@/lib/access/sign-in";
import { database } from "@/lib/db/database";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

const credentials = z.object({
  // PostgreSQL keeps no text with a zero in it.
  email: z
    .string()
    .max(320)
    .refine((text) => !text.includes("\0")),
  password: z.string().max(200),
});

/**
 * The session cookie's name carries the node's identity: browsers share cookies between ports of one
 * host, and two consoles on one machine must not share a sign-in.
 */
export async function sessionCookie(): Promise<{ name: string; isSecure: boolean }> {
  const node = await database().node.findUniqueOrThrow({ where: { id: 1 } });
  const isSecure = env().CONSOLE_URL.startsWith("https:");
  const name = `exalate-${node.identity.slice(0, 8)}.session`;
  return { name: isSecure ? `__Secure-${name}` : name, isSecure };
}

/** next-auth's settings for one request. The token holds a session's id and nothing that could go stale. */
export async function authOptions(): Promise<NextAuthOptions> {
  const { name, isSecure } = await sessionCookie();
  return {
    secret: derivedSecret("next-auth"),
    session: { strategy: "jwt", maxAge: 12 * 60 * 60 },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    useSecureCookies: isSecure,
    cookies: {
      sessionToken: {
        name,
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure },
      },
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {} },
        async authorize(raw, request) {
          const parsed = credentials.safeParse(raw);
          if (!parsed.success) return null;
          const result = await answerOf({
            ...parsed.data,
            address: namedCaller(asText(request.headers?.["x-forwarded-for"])),
            userAgent: asText(request.headers?.["user-agent"]),
          });
          if ("sessionId" in result)
            return { ...result.user, id: String(result.user.id), sessionId: result.sessionId };
          // The sign-in page reads the seconds out of this.
          if (result.refused === "wait") throw new Error(`wait ${result.seconds}`);
          return null;
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) =>
        user && "sessionId" in user
          ? { sessionId: user.sessionId }
          : { sessionId: token.sessionId },
    },
    events: {
      // next-auth itself only takes the cookie away.
      signOut: async ({ token }) => {
        if (typeof token?.sessionId === "string") await endSession(database(), token.sessionId);
      },
    },
    logger: {
      error: (code) => log.error("next-auth could not answer", { code }),
      warn: (code) => log.debug("next-auth warns", { code }),
      debug: () => undefined,
    },
  };
}

/** What is thrown here reaches the browser, so a surprise is logged and thrown again as one word. */
async function answerOf(input: Parameters<typeof signInWith>[1]): Promise<SignInResult> {
  try {
    return await signInWith(database(), input);
  } catch (error) {
    log.error("a sign-in could not be checked", { error: String(error) });
    throw new Error("unavailable");
  }
}

function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
