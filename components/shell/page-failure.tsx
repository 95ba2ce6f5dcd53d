"use client";
import { useEffect } from "react";
import { ROLE_WORDS } from "@/components/settings/role-words";
import { Button, buttonClass } from "@/components/ui/button";
import { type Role, roleNeeded } from "@/lib/access/permissions";

const ASK_MS = 5_000;

/** A page that could not be made: it needs another role, or the database did not answer. */
export function PageFailure({ digest }: { digest: string | undefined }) {
  const role = roleNeeded(digest);
  return role ? <NotForThisRole role={role} /> : <NotRead digest={digest} />;
}

function NotForThisRole({ role }: { role: Role }) {
  return (
    <section className="mx-auto flex max-w-lg flex-col gap-3 p-6 md:py-16">
      <h1 className="text-title font-semibold">This page needs the role {role}.</h1>
      <p>That role {ROLE_WORDS[role].words}. An administrator can give it to you.</p>
      {/* A page of its own loads more surely from here. */}
      <a href="/" className={`${buttonClass({ look: "primary" })} w-fit`}>
        Go to the overview
      </a>
    </section>
  );
}

/** Says what was tried, asks again by itself, and comes back when it can. */
function NotRead({ digest }: { digest: string | undefined }) {
  // Recovers without a person, since the usual cause is a database that is restarting.
  useEffect(() => {
    const timer = setInterval(async () => {
      if (document.hidden) return;
      const answer = await fetch("/api/gate", { cache: "no-store" }).catch(() => null);
      if (answer && (answer.ok || answer.status === 401)) window.location.reload();
    }, ASK_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <section role="alert" className="mx-auto flex max-w-lg flex-col gap-3 p-6 md:py-16">
      <h1 className="text-title font-semibold">This page could not be read.</h1>
      <p>
        The console asked its database and got no usable answer. While the gate cannot be read, no
        worker sends anything new.
      </p>
      <p className="text-soft">
        Check that PostgreSQL runs and that <code className="font-mono">DATABASE_URL</code> points
        at it; the console's log has the details
        {digest && (
          <>
            {" "}
            under <code className="font-mono">{digest}</code>
          </>
        )}
        . This page asks again every few seconds.
      </p>
      <Button look="primary" className="w-fit" onClick={() => window.location.reload()}>
        Read again
      </Button>
    </section>
  );
}
