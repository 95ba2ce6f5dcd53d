import type { Quiet, Sent } from "@/lib/connectors/connector";

/**
 * Updates without mails (`notifyUsers=false`), where that is asked for. Jira allows it to administrators of the
 * project only and refuses the whole update to everybody else. The refusal is definite, so nothing was written:
 * the update is sent once more with mails, by a permit of its own, and the refusal is told.
 */
export function quietUpdates(quiet: Quiet | undefined) {
  let isQuiet = quiet !== undefined;
  return {
    get isQuiet() {
      return isQuiet;
    },
    async send(write: (query: string) => Promise<Sent>): Promise<Sent> {
      if (!quiet || !isQuiet) return write("");
      const sent = await write("?notifyUsers=false");
      if (sent.kind === "applied") await quiet.told(null);
      const said = refusalOf(sent);
      if (said === null) return sent;
      const again = await write("");
      // Refused for another reason as well: then the mails were not what it was about.
      if (again.kind !== "applied") return again;
      isQuiet = false;
      await quiet.told(said);
      return again;
    },
  };
}

/** By its description Jira answers 403; some versions 400, as for a wrong field, and then say what it is about. */
function refusalOf(sent: Sent): string | null {
  if (sent.kind !== "failed" || sent.error.code !== "field_rejected" || !sent.refusal) return null;
  const { status, said } = sent.refusal;
  return status === 403 || (status === 400 && /notif/i.test(said)) ? said : null;
}
