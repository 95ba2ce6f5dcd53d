"use client";
import { type ComponentType, lazy, Suspense, useState } from "react";
import { OneMoment, PartMissing } from "@/components/ui/part-missing";
import { whenIdle } from "@/components/ui/when-idle";

type Part<P> = ComponentType<P>;

/**
 * A part of a page that its first picture does without. It is fetched when the browser has nothing else to
 * do, so that it is there, in the same press, when somebody asks for it; or when it is shown, if that comes
 * first. What cannot be fetched says so in its own place, and the page around it goes on.
 */
export function later<P extends object>(
  fetchPart: () => Promise<Part<P>>,
  {
    Waiting = NothingYet,
    Missing = PartMissing,
  }: {
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
  return function Later(props: P) {
    return (
      <Suspense fallback={<Waiting {...props} />}>
        <Lazy {...props} />
      </Suspense>
    );
  };
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
