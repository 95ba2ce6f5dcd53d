/** Methods that promise to alter nothing (RFC 9110, 9.2.1). */
const READS = ["GET", "HEAD", "OPTIONS"];
/** Its requests are forms, each with a token of its own that next-auth compares with a cookie. */
const FORMS = "/api/auth/";

/** What a request says of where it comes from. Names of headers in small letters. */
export type Sent = {
  method: string;
  path: string;
  header: (name: string) => string | null;
};

export type CrossSiteRefusal = { status: 403 | 415; detail: string };

/**
 * Why a request that a browser's cookie would authorise is refused: another site had the browser send it
 * (OWASP ASVS 3.5.1), or its body could have come from a form. Null: it may go on. Every browser names the
 * origin of what it posts, so one that names none is refused as well. Reading is never refused: what may
 * be read is decided by the route, and other sites cannot see the answer.
 */
export function crossSiteRefusal(sent: Sent, consoleUrl: string): CrossSiteRefusal | null {
  if (READS.includes(sent.method)) return null;
  if (!isOwn(sent, consoleUrl))
    return {
      status: 403,
      detail: "Another site asked for this. Do it on the console's own pages.",
    };
  const type = sent.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json" && !sent.path.startsWith(FORMS))
    return { status: 415, detail: "Send the body as application/json." };
  return null;
}

function isOwn({ header }: Sent, consoleUrl: string): boolean {
  const site = header("sec-fetch-site");
  if (site !== null && site !== "same-origin") return false;
  const origin = header("origin");
  if (origin === null) return site === "same-origin";
  // The address that people entered may be another than the one the console was told.
  const hosts = [header("host"), header("x-forwarded-host"), hostOf(consoleUrl)];
  const host = hostOf(origin);
  return host !== null && hosts.includes(host);
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).host || null : null;
}
