/**
 * Why something cannot be set up as asked. The message is a sentence for the person who asked, and holds
 * no secret. `not_found`: it names something that is not there; `conflict`: something is in its
 * place; `invalid`: it could not work.
 */
export class SetupError extends Error {
  readonly reason: "not_found" | "conflict" | "invalid";

  constructor(reason: SetupError["reason"], message: string) {
    super(message);
    this.name = "SetupError";
    this.reason = reason;
  }
}
