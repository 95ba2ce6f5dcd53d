import type { SyncErrorCode } from "@/lib/errors";

/** Errors as people meet them: those of instances, and one for what we did wrong ourselves. */
export type ErrorCode = SyncErrorCode | "internal";

/** `title`: what happened. `next`: what a person does now; plain words, one sentence or two. */
export type Advice = { title: string; next: string };

/** The same titles stand over the pages in docs/errors, which say more. */
export const ADVICE: Record<ErrorCode, Advice> = {
  instance_unreachable: {
    title: "An instance cannot be reached",
    next: "Check that it runs and that this machine reaches its address. It is tried again by itself; nothing is lost meanwhile.",
  },
  instance_failing: {
    title: "An instance answers with errors of its own",
    next: "Look in that instance's log at the time shown. It is tried again by itself.",
  },
  rate_limited: {
    title: "An instance asked us to slow down",
    next: "You need do nothing: it is asked again when its pause is over.",
  },
  credentials_rejected: {
    title: "An instance does not accept our account",
    next: "Make a new access token at the instance and enter it on the Activation page.",
  },
  credentials_unreadable: {
    title: "A stored access token cannot be opened",
    next: "The node's key is missing, or it is another one. Bring the key file back, or enter the token again on the Activation page.",
  },
  another_instance: {
    title: "Another instance answers at this address",
    next: "Check whether it was moved on purpose. Then confirm the instance, or re-point the connection.",
  },
  address_refused: {
    title: "This address may not be called",
    next: "Have the address range allowed for this node, or correct the instance's address.",
  },
  unexpected_answer: {
    title: "An instance answered in a way we do not understand",
    next: "Often a proxy or a sign-in page answers in its place. Open the address from this machine, then try again.",
  },
  write_unanswered: {
    title: "A write was not answered",
    next: "You need do nothing: both issues are read again before anything more is sent, so that nothing is written twice.",
  },
  field_rejected: {
    title: "An instance refused a value",
    next: "Correct the value, the mapping or our account's rights at that instance, then retry.",
  },
  no_transition: {
    title: "A status cannot be reached",
    next: "Move the issue by hand, let the workflow offer our account that step, or change the mapping, then retry.",
  },
  conflict: {
    title: "Both sides changed the same field",
    next: "Choose which value counts, field by field. Nothing of the pair is sent until then.",
  },
  another_node: {
    title: "Another node wrote to an issue in our name",
    next: "Find out whether a copy of this node is running, and stop it. Compare both issues, then retry.",
  },
  issue_gone: {
    title: "An issue cannot be read any more",
    next: "Give our account access to it again and retry; or, if it was deleted, stop the sync of the pair.",
  },
  loop: {
    title: "Automations answer each other through a pair",
    next: "The pair is held, with both histories named. Stop one of the two rules at its instance, then release the entry.",
  },
  restricted: {
    title: "An issue is restricted, and is not sent",
    next: "It has a security level that the mapping does not let across. Lift the level at the instance or map it, then retry; or stop the sync of the pair.",
  },
  internal: {
    title: "The worker met a mistake of its own",
    next: "Look in the worker's log at the time shown, and report what it says. It is tried again by itself.",
  },
};

export const ERROR_CODES = Object.keys(ADVICE) as ErrorCode[];

/** A code of a newer version is shown as it is, never hidden. */
export function adviceFor(code: string): Advice {
  return Object.hasOwn(ADVICE, code)
    ? ADVICE[code as ErrorCode]
    : { title: code.replaceAll("_", " "), next: "Look in the log, then retry." };
}

/** Where the console explains a code; null for one that it has no page for. */
export function helpPath(code: string): string | null {
  return Object.hasOwn(ADVICE, code) ? `/help/errors/${code}` : null;
}
