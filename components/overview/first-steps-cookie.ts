/** In browsers that were shown the first steps, until somebody there has closed them. */
export const FIRST_STEPS_COOKIE = "first-steps";

const YEAR_S = 365 * 24 * 60 * 60;

/** Remembers in this browser that the steps were shown, so that their end can be told; or forgets it. */
export function rememberFirstSteps(areShown: boolean): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser that people use here.
  document.cookie = `${FIRST_STEPS_COOKIE}=shown; path=/; max-age=${areShown ? YEAR_S : 0}; samesite=lax`;
}
