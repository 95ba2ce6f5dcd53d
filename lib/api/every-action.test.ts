import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OPERATIONS } from "@/lib/api/registry";

const APP = join(import.meta.dirname, "../../app");

/** A token has no session: what begins, ends or renews one is for people alone. */
const OF_A_SESSION = null;

/** What programs call for each action of the console's pages: the id of an operation. */
const OPERATION_OF: Record<string, Record<string, string | null>> = {
  "app/(console)/actions.ts": {
    activateSync: "activate",
    deactivateSync: "deactivate",
    holdEntries: "holdEntry",
    releaseEntries: "releaseEntry",
    retryEntries: "retryEntry",
    discardEntries: "discardEntry",
    retryConnectionNow: "retryConnection",
    signOutAction: OF_A_SESSION,
    confirmPasswordAgain: OF_A_SESSION,
  },
  "app/(console)/activation/actions.ts": {
    decide: "decide",
    revokeDecision: "revokeDecision",
    takeOver: "takeOver",
    releaseConnection: "releaseConnection",
    repointSide: "repointConnection",
    confirmInstance: "confirmInstance",
    renewToken: "renewInstanceToken",
    actOnFilter: "actOnEntries",
    undoAct: "undoAct",
  },
  "app/(console)/issues/actions.ts": {
    syncPairNow: "askForSync",
    stopPairSync: "stopPair",
    startPairSync: "startPair",
    decidePairConflicts: "decideConflicts",
    undoPairDecision: "undoDecision",
    lookUpForLink: "lookUpIssue",
    linkTwoIssues: "linkPair",
  },
  "app/(console)/errors/actions.ts": {
    retryErrorGroup: "retryErrors",
    retryAllErrors: "retryAllErrors",
  },
  "app/(console)/connections/actions.ts": {
    tryInstance: "tryInstance",
    addInstance: "createInstance",
    readProjects: "listProjects",
    readTypes: "listTypes",
    compareSides: "compareSides",
    tryTrigger: "tryTrigger",
    findLeavingPairs: "findLeavingPairs",
    planFirst: "planFirst",
    createConnection: "createConnection",
    pauseConnection: "pauseConnection",
    resumeConnection: "resumeConnection",
    changeConnection: "changeConnection",
    changeTextFormat: "changeTextFormat",
    deleteConnection: "deleteConnection",
    wantWebhook: "wantWebhook",
    renewWebhookSecret: "renewWebhookSecret",
    countExisting: "countExisting",
    bringInExisting: "bringInExisting",
  },
  "app/(console)/settings/actions.ts": {
    invitePerson: "invitePerson",
    changeRole: "changeRole",
    setPersonDisabled: "disablePerson",
    endPersonSessions: "endSessions",
    createToken: "createToken",
    revokeToken: "revokeToken",
    endMySession: "endSession",
    endOtherSessions: OF_A_SESSION,
    changeMyPassword: OF_A_SESSION,
  },
  "app/(console)/settings/environment/actions.ts": { changeEnvironment: "changeEnvironment" },
  "app/(console)/settings/history/actions.ts": {
    changePeriods: "changePeriods",
    previewRemoval: "previewRemoval",
  },
  "app/(console)/settings/mail/actions.ts": {
    saveMailSettings: "saveMailSettings",
    sendTestMail: "sendTestMail",
  },
  "app/invited/actions.ts": { acceptInvitation: OF_A_SESSION },
  "app/welcome/actions.ts": { createFirstAdministrator: OF_A_SESSION },
};

test("every action of a page has its operation: name yours in lib/api/every-action.test.ts", () => {
  const actions = readdirSync(APP, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => [name, readFileSync(join(APP, name), "utf8")] as const)
    .filter(([, source]) => /^\s*["']use server["']/m.test(source))
    .flatMap(([file, source]) =>
      [...source.matchAll(/^export (?:async function|const) (\w+)/gm)].map(
        ([, name]) => `app/${file} ${name}`,
      ),
    );
  const named = Object.entries(OPERATION_OF).flatMap(([file, inFile]) =>
    Object.entries(inFile).map(([name, operation]) => ({ action: `${file} ${name}`, operation })),
  );
  expect(named.map(({ action }) => action).toSorted()).toEqual(actions.toSorted());
  const known = [null, ...OPERATIONS.map(({ id }) => id)];
  expect(named.filter(({ operation }) => !known.includes(operation))).toEqual([]);
});
