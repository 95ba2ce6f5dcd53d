/**
 * Why something cannot be set up as asked. The message is a sentence for the person who asked, and holds
 * no secret. `not_found`: what it is about is not there; `conflict`: something is in its place;
 * `invalid`: it could not work, for example since it mentions something that is not there.
 */
export class SetupError extends Error {
  readonly reason: "not_found" | "conflict" | "invalid";

  constructor(reason: SetupError["reason"], message: string) {
    super(message);
    this.name = "SetupError";
    this.reason = reason;
  }
}
