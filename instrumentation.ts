/** Before the first request: somebody can sign in, and the first API token works. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ prepareAccess }, { notePreparation }] = await Promise.all([
    import("@/lib/access/prepare"),
    import("@/lib/access/prepared"),
  ]);
  // Not awaited here: a database that is away must not keep the console from saying so for ever.
  notePreparation(prepareAccess());
}
