import type { ExternalToast, toast as sonnerToast } from "sonner";

type Toast = typeof sonnerToast;

const shown = Promise.withResolvers<Toast>();

/** A short answer in the corner: what was done, and the way to take it back. It waits until there is a place for it. */
export function toast(words: string, options?: ExternalToast): void {
  void shown.promise.then((show) => show(words, options));
}

/** Why something was not done. */
toast.error = (words: string): void => {
  void shown.promise.then((show) => show.error(words));
};

/** The place is there from now on. */
export function toastsCanBeShown(show: Toast): void {
  shown.resolve(show);
}
