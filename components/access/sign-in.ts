/** `error`: what the console said, for `signInFailure`; null when it did not answer. */
export type SignInAnswer = { ok: true } | { ok: false; error: string | null };

/** Signs in by e-mail address and password, in place: the answer sets the session's cookie. Never throws. */
export async function signIn(email: string, password: string): Promise<SignInAnswer> {
  try {
    const asked = await fetch("/api/auth/csrf", { cache: "no-store" });
    const { csrfToken } = (await asked.json()) as { csrfToken: string };
    const answer = await fetch("/api/auth/callback/credentials", {
      method: "POST",
      body: new URLSearchParams({ email, password, csrfToken, json: "true" }),
    });
    const { url } = (await answer.json()) as { url: string };
    const error = new URL(url, window.location.href).searchParams.get("error");
    if (answer.ok && error === null) return { ok: true };
    return { ok: false, error };
  } catch {
    return { ok: false, error: null };
  }
}
