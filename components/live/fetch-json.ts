/** The console answered, but not with what was asked for. */
export class AnswerError extends Error {
  readonly status: number;
  /** What the answer said for people, when it did. */
  readonly detail: string | null;

  constructor(status: number, detail: string | null) {
    super(`the console answered ${status}`);
    this.name = "AnswerError";
    this.status = status;
    this.detail = detail;
  }
}

/** Reads one of the console's own JSON routes. */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { cache: "no-store", ...(signal ? { signal } : {}) });
  if (answer.ok) return (await answer.json()) as T;
  throw new AnswerError(answer.status, await detailOf(answer));
}

async function detailOf(answer: Response): Promise<string | null> {
  const body: unknown = await answer.json().catch(() => null);
  if (typeof body !== "object" || body === null) return null;
  return "message" in body && typeof body.message === "string" ? body.message : null;
}
