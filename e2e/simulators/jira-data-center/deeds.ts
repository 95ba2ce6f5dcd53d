import type { Backup, Jira } from "@/e2e/simulators/jira-data-center/call";
import type { Faults } from "@/e2e/simulators/jira-data-center/faults";
import { refusal } from "@/e2e/simulators/jira-data-center/jira-error";
import { longestLag } from "@/e2e/simulators/jira-data-center/nodes";
import { restore, takeSnapshot } from "@/e2e/simulators/jira-data-center/snapshot";
import { findUser } from "@/e2e/simulators/jira-data-center/state";

/** What the control API and the pages do alike. */

export function applyFaults(jira: Jira, faults: Faults): void {
  jira.faults = faults;
  jira.buckets.clear();
  jira.state.indexLagMs = longestLag(faults);
}

export function takeBackup(jira: Jira): Backup {
  const snapshot = takeSnapshot(jira.state);
  const backup = {
    id: jira.backups.length + 1,
    takenAt: new Date(jira.state.now()).toISOString(),
    issues: snapshot.issues.length,
    snapshot,
  };
  jira.backups.push(backup);
  return backup;
}

/** What happened since is gone, and ids given since are given again. */
export function restoreBackup(jira: Jira, id: string): void {
  const backup = jira.backups.find((each) => String(each.id) === id);
  if (!backup) throw refusal(404, `there is no backup ${id}`);
  restore(jira.state, backup.snapshot);
  jira.state.changed();
}

export const shownBackup = ({ id, takenAt, issues }: Backup) => ({ id, takenAt, issues });

/** As a person does who logs in on a page. */
export function solveCaptcha({ state }: Jira, name: string): void {
  const user = findUser(state, name);
  if (!user) throw refusal(404, `there is no user ${name}`);
  state.failedLogins.delete(user.key);
}
