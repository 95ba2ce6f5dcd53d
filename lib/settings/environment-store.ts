import { recordAudit } from "@/lib/audit/audit-store";
import { SetupError } from "@/lib/connections/setup-error";
import type { Db, DbOrTx } from "@/lib/db/database";
import type { Environment, EnvironmentColour } from "@/lib/settings/environment";
import type { EnvironmentInput } from "@/lib/settings/environment-input";

type Row = {
  label: string | null;
  colour: EnvironmentColour | null;
  /** What the workers of this life were told. */
  told: string | null;
  isInDoubt: boolean;
};

/** What this node is called and looks like. `told`: what the asking process's own `NODE_LABEL` says. */
export async function readEnvironment(db: DbOrTx, told: string | null): Promise<Environment> {
  const [row] = await db.$queryRaw<[Row?]>`
    select n.label, case when n.colour_of = n.identity then n.colour end as colour,
           g.label as told, decision_is_due() as "isInDoubt"
      from node n, gate g`;
  if (!row) throw new Error("the database holds no node: run the migrations");
  return { ...row, told: told ?? row.told };
}

/**
 * Names and colours this node. Throws `SetupError` when another label is asked for while `NODE_LABEL` says
 * one, since processes that are told different labels refuse to work together, and while nobody has
 * decided whether this node is a copy: its decision names it. The evidence of who we are stays as it is.
 */
export async function changeEnvironment(
  db: Db,
  { label, colour, told, by }: EnvironmentInput & { told: string | null; by: string },
): Promise<void> {
  await db.$transaction(async (tx) => {
    // Nobody decides, and no new life begins, while the name changes.
    await tx.$executeRaw`select pg_advisory_xact_lock(2, 0)`;
    const before = await readEnvironment(tx, told);
    if (before.isInDoubt)
      throw new SetupError(
        "conflict",
        "decide first whether this is the same node or a copy: the label belongs to one of them",
      );
    if (before.told !== null && label !== before.label)
      throw new SetupError(
        "conflict",
        `NODE_LABEL says ${before.told}: change the label there, for the console and the workers alike`,
      );
    await tx.$executeRaw`
      update node set label = ${label}, colour = ${colour},
                      colour_of = case when ${colour}::text is not null then identity end`;
    await recordAudit(tx, {
      actor: by,
      action: "settings.environment_changed",
      detail: {
        from: { label: before.label, colour: before.colour },
        to: { label, colour },
      },
    });
  });
}
