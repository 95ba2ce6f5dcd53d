import type pg from "pg";
import type { KnownStep, Step } from "@/lib/sync/workflow";

/** Notes what an issue at a status offers; what was offered there before and is not now, is forgotten. */
export async function noteSteps(
  pool: pg.Pool,
  instanceId: number,
  workflow: string,
  from: string,
  steps: Step[],
): Promise<void> {
  await pool.query("select note_steps($1, $2, $3, $4::jsonb)", [
    instanceId,
    workflow,
    from,
    JSON.stringify(steps),
  ]);
}

/** Every step of a workflow that was ever seen and not forgotten. */
export async function knownSteps(
  pool: pg.Pool,
  instanceId: number,
  workflow: string,
): Promise<KnownStep[]> {
  const { rows } = await pool.query<KnownStep>(
    `select from_status as "from", transition_id as id, name, to_status as "to", fields
       from workflow_step where instance_id = $1 and workflow = $2
      order by from_status, transition_id`,
    [instanceId, workflow],
  );
  return rows;
}
