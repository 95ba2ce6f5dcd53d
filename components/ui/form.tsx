"use client";
import type { ComponentProps } from "react";

/**
 * A form that a component answers itself. What was typed stays when the answer is no: a form with an
 * `action` function would be emptied. `post`, so that nothing typed can ever end in an address.
 */
export function Form({
  onSend,
  ...rest
}: { onSend: (form: FormData) => void } & Omit<
  ComponentProps<"form">,
  "action" | "onSubmit" | "method"
>) {
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(new FormData(event.currentTarget));
      }}
      {...rest}
    />
  );
}
