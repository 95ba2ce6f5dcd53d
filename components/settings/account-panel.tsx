"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { deviceWords } from "@/components/settings/device-words";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count } from "@/components/ui/words";
import type { SessionLine } from "@/lib/access/people";

/** One's own password, and where one is signed in. */
export function AccountPanel({
  email,
  sessions,
  actions,
}: {
  email: string;
  sessions: SessionLine[];
  actions: {
    endMySession: (input: { id: string }) => Promise<ActionResult>;
    endOtherSessions: () => Promise<ActionResult>;
    changeMyPassword: (input: { old: string; next: string }) => Promise<ActionResult>;
  };
}) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const others = sessions.filter(({ isPresent }) => !isPresent).length;

  function endOne({ id, userAgent }: SessionLine): void {
    startTransition(async () => {
      const result = await answered(actions.endMySession({ id }));
      if (result.ok) toast(`The session in ${deviceWords(userAgent)} has ended.`);
      else toast.error(result.message);
    });
  }

  function endOthers(): void {
    startTransition(async () => {
      const result = await answered(actions.endOtherSessions());
      if (result.ok) toast(`${count(result.changed ?? 0, "session")} ended.`);
      else toast.error(result.message);
    });
  }

  return (
    <Panel title="Your account" aside={email}>
      <div className="grid gap-6 p-4 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-2">
          <h3 className="font-medium">Where you are signed in</h3>
          <ul className="divide-y divide-line rounded-control border border-line">
            {sessions.map((session) => (
              <li key={session.id} className="flex items-center gap-3 px-3 py-2">
                <span className="flex min-w-0 grow flex-col">
                  <span className="truncate" title={session.userAgent ?? undefined}>
                    {session.isPresent && <strong className="font-medium">This browser: </strong>}
                    {deviceWords(session.userAgent)}
                  </span>
                  <span className="text-small text-soft">
                    since <Moment at={session.createdAt} align="start" />, last seen{" "}
                    <Moment at={session.seenAt} align="start" />
                  </span>
                </span>
                {!session.isPresent && (
                  <Button
                    size="small"
                    className="shrink-0"
                    aria-label={`End the session in ${deviceWords(session.userAgent)}`}
                    disabled={isPending}
                    onClick={() => endOne(session)}
                  >
                    End it
                  </Button>
                )}
              </li>
            ))}
          </ul>
          <Button className="w-fit" disabled={others === 0 || isPending} onClick={endOthers}>
            End the other {others > 0 ? count(others, "session") : "sessions"}
          </Button>
        </div>
        <Form
          className="flex flex-col gap-3"
          onSend={(form) =>
            startTransition(async () => {
              const text = (name: string) => String(form.get(name) ?? "");
              const result = await answered(
                actions.changeMyPassword({ old: text("old"), next: text("next") }),
              );
              setRefusal(result.ok ? null : result.message);
              if (result.ok) toast("Your password is changed; your other sessions have ended.");
            })
          }
        >
          <h3 className="font-medium">Your password</h3>
          <label className="flex flex-col gap-1">
            <span>Present password</span>
            <input
              name="old"
              type="password"
              autoComplete="current-password"
              required
              className={fieldClass}
            />
          </label>
          <label className="flex flex-col gap-1">
            <span>New password, at least 12 characters</span>
            <input
              name="next"
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              maxLength={200}
              className={fieldClass}
            />
          </label>
          <p role="alert" className="text-error-text empty:hidden">
            {refusal}
          </p>
          <Button type="submit" className="w-fit" disabled={isPending}>
            Change the password
          </Button>
        </Form>
      </div>
    </Panel>
  );
}
