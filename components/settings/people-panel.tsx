"use client";
import { useState, useTransition } from "react";
import { type ActionResult, answered } from "@/components/gate/gate-actions";
import { ROLE_WORDS } from "@/components/settings/role-words";
import { ShownOnce } from "@/components/settings/shown-once";
import { Button } from "@/components/ui/button";
import { Form } from "@/components/ui/form";
import { Moment } from "@/components/ui/moment";
import { Panel } from "@/components/ui/panel";
import { fieldClass } from "@/components/ui/reason-field";
import { toast } from "@/components/ui/toast";
import { count } from "@/components/ui/words";
import type { InvitationLine, PersonLine } from "@/lib/access/people";
import type { Role } from "@/lib/access/permissions";

type Invited = { ok: true; value: { link: string } } | Extract<ActionResult, { ok: false }>;

export type PeopleActions = {
  invitePerson: (input: { name: string; email: string; role: Role }) => Promise<Invited>;
  changeRole: (input: { id: number; role: Role }) => Promise<ActionResult>;
  setPersonDisabled: (input: { id: number; disabled: boolean }) => Promise<ActionResult>;
  endPersonSessions: (input: { id: number }) => Promise<ActionResult>;
};

/** On a phone a person is a block of lines, one under the other. */
const ROW =
  "block border-t border-line px-4 py-3 sm:table-row sm:p-0 [&>*]:block [&>*+*]:mt-2 sm:[&>*]:table-cell sm:[&>*]:px-4 sm:[&>*]:py-2";

/** Who may sign in, with which role; invitations by a link that is shown once. */
export function PeoplePanel({
  people,
  invitations,
  me,
  actions,
}: {
  people: PersonLine[];
  invitations: InvitationLine[];
  me: number;
  actions: PeopleActions;
}) {
  const [link, setLink] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function done(action: Promise<ActionResult>, said: string): void {
    startTransition(async () => {
      const result = await answered(action);
      if (result.ok) toast(said);
      else toast.error(result.message);
    });
  }

  function invite(form: FormData): void {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    startTransition(async () => {
      const asked = actions.invitePerson({
        name: text("name"),
        email: text("email"),
        role: text("role") as Role,
      });
      const result = await answered(asked as Promise<ActionResult>);
      setRefusal(result.ok ? null : result.message);
      setLink(result.ok ? ((await asked) as Extract<Invited, { ok: true }>).value.link : null);
    });
  }

  return (
    <Panel title="People" aside={count(people.length, "person", "people")}>
      <div>
        <table className="block w-full sm:table">
          <thead className="sr-only sm:not-sr-only sm:table-header-group">
            <tr className="text-left text-small text-soft [&>th]:px-4 [&>th]:py-2 [&>th]:font-medium">
              <th scope="col">Who</th>
              <th scope="col" className="w-48">
                Role
              </th>
              <th scope="col">Last seen</th>
              <th scope="col">
                <span className="sr-only">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody className="block sm:table-row-group">
            {people.map((person) => (
              <tr key={person.id} className={ROW}>
                <th scope="row" className="text-left font-normal">
                  <span className={person.disabledAt ? "text-soft line-through" : "font-medium"}>
                    {person.name}
                  </span>
                  {person.disabledAt && <span className="ml-2 text-soft">disabled</span>}
                  <span className="block text-small text-soft">{person.email}</span>
                </th>
                <td>
                  <select
                    aria-label={`Role of ${person.name}`}
                    value={person.role}
                    disabled={isPending}
                    onChange={(event) =>
                      done(
                        actions.changeRole({ id: person.id, role: event.target.value as Role }),
                        `${person.name} is ${ROLE_WORDS[event.target.value as Role].name} now.`,
                      )
                    }
                    className={fieldClass}
                  >
                    {Object.entries(ROLE_WORDS).map(([role, { name }]) => (
                      <option key={role} value={role}>
                        {name}
                      </option>
                    ))}
                  </select>
                </td>
                <td className="text-soft">
                  {person.seenAt ? (
                    <>
                      <span className="sm:hidden">last seen </span>
                      <Moment at={person.seenAt} align="start" />
                    </>
                  ) : (
                    "not signed in"
                  )}
                </td>
                <td>
                  <div className="flex gap-2 sm:justify-end">
                    {person.sessions > 0 && person.id !== me && (
                      <Button
                        size="small"
                        disabled={isPending}
                        onClick={() =>
                          done(
                            actions.endPersonSessions({ id: person.id }),
                            `${person.name} has to sign in again.`,
                          )
                        }
                      >
                        End {count(person.sessions, "session")}
                      </Button>
                    )}
                    {person.id !== me && (
                      <Button
                        size="small"
                        disabled={isPending}
                        onClick={() =>
                          done(
                            actions.setPersonDisabled({
                              id: person.id,
                              disabled: !person.disabledAt,
                            }),
                            person.disabledAt
                              ? `${person.name} may sign in again.`
                              : `${person.name} is locked out.`,
                          )
                        }
                      >
                        {person.disabledAt ? "Let in again" : "Disable"}
                      </Button>
                    )}
                  </div>
                </td>
              </tr>
            ))}
            {invitations.map((invitation) => (
              <tr key={invitation.email} className={`${ROW} text-soft`}>
                <th scope="row" className="text-left font-normal">
                  {invitation.name}
                  <span className="block text-small">{invitation.email}</span>
                </th>
                <td>{invitation.role}</td>
                <td colSpan={2}>
                  invited by {invitation.invitedBy}; the link ends{" "}
                  <Moment at={invitation.expiresAt} as="until" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Form onSend={invite} className="flex flex-col gap-3 border-t border-line p-4">
        <h3 className="font-medium">Invite somebody</h3>
        <div className="grid max-w-4xl gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <label className="flex flex-col gap-1">
            <span>Name</span>
            <input name="name" required maxLength={100} autoComplete="off" className={fieldClass} />
          </label>
          <label className="flex flex-col gap-1">
            <span>E-mail address</span>
            <input name="email" type="email" required autoComplete="off" className={fieldClass} />
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
        </div>
        <p role="alert" className="text-error-text empty:hidden">
          {refusal}
        </p>
        {link && (
          <ShownOnce what="Send this link; it works once, within three days." value={link} />
        )}
        <Button type="submit" className="w-fit" disabled={isPending}>
          Make an invitation
        </Button>
      </Form>
    </Panel>
  );
}
