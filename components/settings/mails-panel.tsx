import { MAIL_STATE_WORDS } from "@/components/settings/mail-words";
import { Mark } from "@/components/ui/mark";
import { Moment } from "@/components/ui/moment";
import { Nothing, Panel } from "@/components/ui/panel";
import { count } from "@/components/ui/words";
import type { MailLine } from "@/lib/mail/mail";

/** The last mails, with what the server said to each. */
export function MailsPanel({ mails, waiting }: { mails: MailLine[]; waiting: number }) {
  return (
    <Panel
      title="Mails"
      aside={
        waiting > 0 ? `${count(waiting, "thing")} to tell with the next mail of its kind` : null
      }
    >
      {mails.length === 0 ? (
        <Nothing title="No mail has been sent yet">
          <p>
            The last ones appear here, with what the server answered. A mail is made when there is
            something to tell, at most one of a kind every quarter of an hour.
          </p>
        </Nothing>
      ) : (
        <ul className="divide-y divide-line">
          {mails.map((mail) => {
            const { mark, words, className } = MAIL_STATE_WORDS[mail.state];
            return (
              <li
                key={mail.id}
                className="grid gap-x-6 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_10rem]"
              >
                <div className="min-w-0">
                  <p className="truncate font-medium" title={mail.subject}>
                    {mail.subject}
                  </p>
                  <p className="text-small text-soft break-words">
                    {mail.recipients.length > 0 && <>to {mail.recipients.join(", ")} · </>}
                    {mail.answer ?? "not sent yet"}
                    {mail.state === "waiting" && mail.attempts > 0 && (
                      <>
                        {" · "}tried {count(mail.attempts, "time")}, again{" "}
                        <Moment at={mail.dueAt} as="until" align="start" />
                      </>
                    )}
                  </p>
                </div>
                <p className="flex items-center gap-2 sm:justify-end">
                  <span className={`inline-flex items-center gap-1.5 ${className}`}>
                    <Mark name={mark} />
                    {words}
                  </span>
                  <span className="text-soft">
                    <Moment at={mail.endedAt ?? mail.madeAt} />
                  </span>
                </p>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
