"use client";
import {
  type ComponentType,
  lazy,
  memo,
  Suspense,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { OneMoment, PartMissing } from "@/components/ui/part-missing";
import { whenIdle } from "@/components/ui/when-idle";

type Part<P> = ComponentType<P>;

/**
 * A part of a page that its first picture does without. It is fetched when the browser has nothing else to
 * do, so that it is there, in the same press, when somebody asks for it; or when it is shown, if that comes
 * first. What cannot be fetched says so in its own place, and the page around it goes on.
 *
 * What is in the page from the start is served as HTML all the same, and wakes up when its code has come.
 */
export function later<P extends object>(
  fetchPart: () => Promise<Part<P>>,
  {
    isServed = false,
    Waiting = NothingYet,
    Missing = PartMissing,
  }: {
    /** Part of the page from the start: where the page is reached from another one, they come together. */
    isServed?: boolean;
    /** Shown until the part has come, with the part's own props. */
    Waiting?: Part<P>;
    /** Shown when it could not be fetched; `again` settles when it was tried once more. */
    Missing?: Part<P & { again: () => Promise<void> }>;
  } = {},
): Part<P> {
  let part: Part<P> | undefined;
  async function fetched(): Promise<Part<P>> {
    part ??= await fetchPart();
    return part;
  }

  // biome-ignore lint/correctness/noComponentHookFactories: made once for each part, as `lazy` is
  function Unfetched(props: P) {
    const [found, setFound] = useState(() => part);
    const again = async () => {
      // A failure again is no news: the button stays.
      const now = await fetched().catch(() => undefined);
      if (now) setFound(() => now);
    };
    const Found = found;
    return Found ? <Found {...props} /> : <Missing {...props} again={again} />;
  }

  // What is there already answers at once, where a promise would answer in the next turn.
  const Lazy = lazy((): Promise<{ default: Part<P> }> => {
    if (part) return alreadyThere({ default: part });
    return fetched().then(
      (found) => ({ default: found }),
      () => ({ default: Unfetched }),
    );
  }) as unknown as Part<P>;

  whenIdle(() => void fetched().catch(() => undefined));
  // biome-ignore lint/correctness/noComponentHookFactories: the same
  return memo(function Later(props: P) {
    const [isAlone] = useState(useIsWakingUp() || !isServed);
    // The same element for the same props: what was served would be taken away by an update that comes
    // before its code, and stays as it is as long as nothing else is to be shown.
    return useMemo(() => {
      const shown = <Lazy {...props} />;
      return isAlone ? <Suspense fallback={<Waiting {...props} />}>{shown}</Suspense> : shown;
    }, [isAlone, props]);
  }) as unknown as Part<P>;
}

/** True on the server, and while the browser takes over what the server made. */
function useIsWakingUp(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => false,
    () => true,
  );
}

/** The same for what opens over the page: on its way and missing, it is told at the page's edge. */
export function laterDialog<P extends { onClose: () => void }>(
  fetchPart: () => Promise<Part<P>>,
  Waiting: Part<P> = OneMoment,
): Part<P> {
  return later(fetchPart, { Waiting });
}

function NothingYet() {
  return null;
}

/** A promise in all but its turn. */
function alreadyThere<T>(value: T): Promise<T> {
  return { then: (use: (value: T) => void) => use(value) } as unknown as Promise<T>;
}
