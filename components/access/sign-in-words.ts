/** What the sign-in page says when it did not work; `error` is next-auth's, or null when nobody answered. */
export function signInFailure(error: string | null): string {
  if (error === null || error === "unavailable")
    return "The console did not answer. Try again in a moment.";
  const wait = /wait\D*(\d+)/i.exec(error)?.[1];
  if (wait) return `Too many attempts did not work. Wait ${wait} s, then try again.`;
  return "This e-mail address and password do not belong together.";
}

/**
 * Where to go after signing in: a path of this console, never another site. Only the path of a web address
 * is sure to be a path: that of "x:https://…" is an address, and that of "x:/\\…" names another host.
 */
export function nextPath(value: string | undefined): string {
  const url = URL.parse(value ?? "/", "http://console.invalid");
  if (!url || !["http:", "https:"].includes(url.protocol)) return "/";
  // Two slashes at the start would name another host.
  return `${url.pathname.replace(/^\/+/, "/")}${url.search}`;
}
