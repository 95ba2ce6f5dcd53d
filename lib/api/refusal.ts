/** The answer to a call that is not carried out: `detail` is a sentence for people, and holds no secret. */
export class Refusal extends Error {
  readonly status: number;
  readonly more: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    detail: string,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.name = "Refusal";
    this.status = status;
    this.more = more;
    this.headers = headers;
  }
}
