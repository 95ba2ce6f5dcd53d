/**
 * What one part of the frame asks of another, without knowing it. Dispatched on the window.
 * `palette`, `keys`: show it. `deactivate`: the gate's dialog. `signedIn`: the session is there again.
 * `refused`: an action was not done, so what is shown may be old; `asksPassword`: not before the password
 * was entered again.
 */
const NAMES = {
  palette: "exalate:palette",
  keys: "exalate:keys",
  deactivate: "exalate:deactivate",
  signedIn: "exalate:signed-in",
  refused: "exalate:refused",
  asksPassword: "exalate:asks-password",
} as const;
export type ShellEvent = keyof typeof NAMES;

export function tell(event: ShellEvent): void {
  window.dispatchEvent(new Event(NAMES[event]));
}

/** Returns the function that stops listening: made for an effect. */
export function hear(event: ShellEvent, heard: () => void): () => void {
  window.addEventListener(NAMES[event], heard);
  return () => window.removeEventListener(NAMES[event], heard);
}
