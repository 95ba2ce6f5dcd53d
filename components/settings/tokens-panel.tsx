"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { ROLE_WORDS } from "@/components/settings/role-words";
import { ShownOnce } from "@/components/settings/shown-once";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count } from "@/components/ui/words";
import type { TokenLine } from "@/lib/access/people";
import type { Role } from "@/lib/access/permissions";

type Created = { ok: true; value: { token: string } } | Extract<ActionResult, { ok: false }>;

export type TokenActions = {
  createToken: (input: { name: string; role: Role; days: number | null }) => Promise<Created>;
  revokeToken: (input: { id: number }) => Promise<ActionResult>;
};

/** What programs sign in with. */
export function TokensPanel({ tokens, actions }: { tokens: TokenLine[]; actions: TokenActions }) {
  const [token, setToken] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function create(form: FormData): void {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    startTransition(async () => {
      const asked = actions.createToken({
        name: text("name"),
        role: text("role") as Role,
        days: Number(text("days")) || null,
      });
      const result = await answered(asked as Promise<ActionResult>);
      setRefusal(result.ok ? null : result.message);
      setToken(result.ok ? ((await asked) as Extract<Created, { ok: true }>).value.token : null);
    });
  }

  return (
    <Panel title="API tokens" aside={count(tokens.length, "token")}>
      {tokens.length === 0 ? (
        <Nothing title="No program has a token">
          <p>A token lets a program do over the API what its role may do.</p>
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {tokens.map((line) => (
            <li
              key={line.id}
              className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2"
            >
              <span className="min-w-0">
                <span className="font-medium">{line.name}</span>{" "}
                <span className="text-soft">
                  {line.role} ·{" "}
                  {line.lastUsedAt ? (
                    <>
                      last used <Moment at={line.lastUsedAt} align="start" />
                    </>
                  ) : (
                    "never used"
                  )}{" "}
                  ·{" "}
                  {line.expiresAt ? (
                    <>
                      expires <Moment at={line.expiresAt} as="until" align="start" />
                    </>
                  ) : (
                    "does not expire"
                  )}
                </span>
              </span>
              <Button
                size="small"
                disabled={isPending}
                onClick={() =>
                  startTransition(async () => {
                    const result = await answered(actions.revokeToken({ id: line.id }));
                    if (result.ok) toast(`${line.name} does not work any more.`);
                    else toast.error(result.message);
                  })
                }
              >
                Revoke<span className="sr-only"> {line.name}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Form onSend={create} className="flex flex-col gap-3 border-t border-line p-4">
        <h3 className="font-medium">Make a token</h3>
        <div className="grid max-w-4xl gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <label className="flex flex-col gap-1">
            <span>What it is for</span>
            <input name="name" required maxLength={80} autoComplete="off" className={fieldClass} />
          </label>
          <label className="flex flex-col gap-1">
            <span>Role</span>
            <select name="role" defaultValue="viewer" className={fieldClass}>
              {Object.entries(ROLE_WORDS).map(([role, { name, words }]) => (
                <option key={role} value={role}>
                  {name}: {words}
                </option>
              ))}
            </select>
          </label>
          <label className="flex flex-col gap-1">
            <span>Good for</span>
            <select name="days" defaultValue="90" className={fieldClass}>
              <option value="30">30 days</option>
              <option value="90">90 days</option>
              <option value="365">a year</option>
              <option value="">ever</option>
            </select>
          </label>
        </div>
        <p role="alert" className="text-error-text empty:hidden">
          {refusal}
        </p>
        {token && <ShownOnce what="Give this token to the program." value={token} />}
        <Button type="submit" className="w-fit" disabled={isPending}>
          Make the token
        </Button>
      </Form>
    </Panel>
  );
}
