import { useEffect } from "react";
import { Toaster as SonnerToaster, toast } from "sonner";
import { toastsCanBeShown } from "@/components/ui/toast";
import "sonner/dist/styles.css";

/** The place where short answers appear. */
export function Toaster() {
  // Effects run from the inside out: the place listens by now.
  useEffect(() => toastsCanBeShown(toast), []);
  return (
    <SonnerToaster
      position="bottom-right"
      offset={{ bottom: 64, right: 16 }} // above the bar of a selection
      mobileOffset={72}
      visibleToasts={3}
      containerAriaLabel="Messages"
      toastOptions={{
        unstyled: true,
        duration: 8_000, // long enough to read it and to reach "Undo" by keyboard
        classNames: {
          toast:
            "font-sans flex w-full items-center gap-3 rounded-panel bg-ink px-4 py-3 text-base text-on-ink shadow-raised sm:w-96",
          content: "min-w-0 flex-1 break-words",
          icon: "hidden",
          error: "!bg-error !text-on-error",
          cancelButton: "order-last h-7 shrink-0 rounded-control px-2 font-medium underline",
          actionButton: "h-7 shrink-0 rounded-control bg-on-ink px-3 font-medium text-ink",
        },
      }}
    />
  );
}
