/** Without a word from the browser about being idle; Safari says none. */
const SOON_MS = 300;

/** Runs once the page has loaded and the browser has nothing else to do; on the server at once. */
export function whenIdle(run: () => void): void {
  if (typeof window === "undefined") {
    run();
    return;
  }
  const soon = () => {
    if ("requestIdleCallback" in window) requestIdleCallback(run, { timeout: 5_000 });
    else setTimeout(run, SOON_MS);
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}
