/** Before the first request: somebody can sign in, and the first API token works. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { prepareAccess } = await import("@/lib/access/prepare");
  // Not awaited: a database that is away for a moment must not keep the console from saying so.
  void prepareAccess();
}
