import { z } from "zod";
import type { ClaimSpot, Http, Sent, Ticket } from "@/lib/connectors/connector";
import { nothing } from "@/lib/connectors/jira-data-center/schema";
import { SyncError } from "@/lib/errors";
import type { Vitals } from "@/lib/gate/instance-restart";
import { type ClaimRecord, claimRecord } from "@/lib/identity/claim";

// Our sign of life at a Jira, and Jira's own.

const API = "/rest/api/2";
const propertyAnswer = z.object({ value: z.unknown() });
const statusAnswer = z.object({ state: z.string() });
const manifestAnswer = z.object({ id: z.string() });

/** The sign of life at a spot; null when there is none, or none of a shape that we know. */
export async function readClaim(
  http: Http,
  spot: ClaimSpot,
  project: string,
  accountKey: () => Promise<string>,
): Promise<ClaimRecord | null> {
  const [path, query] = await spotPath(spot, project, accountKey);
  const answer = await http.read(propertyAnswer, path, query);
  if (!answer) return null;
  const record = claimRecord.safeParse(answer.value);
  if (record.success) return record.data;
  throw new SyncError(
    "unexpected_answer",
    `the property ${spot.key} at ${path} is not the sign of life that this console keeps there: remove it if nobody needs it`,
  );
}

/** Writes our sign of life to a spot, under a permit of its own. */
export async function writeClaim(
  http: Http,
  ticket: Ticket,
  spot: ClaimSpot,
  project: string,
  accountKey: () => Promise<string>,
  record: ClaimRecord,
): Promise<Sent> {
  const [path, query] = await spotPath(spot, project, accountKey);
  const target = query ? `${path}?${new URLSearchParams(query)}` : path;
  return http.write(ticket, nothing, "PUT", target, record);
}

async function spotPath(
  { key, place, issueId }: ClaimSpot,
  project: string,
  accountKey: () => Promise<string>,
): Promise<[string, Record<string, string>?]> {
  if (place === "project")
    return [`${API}/project/${encodeURIComponent(project)}/properties/${key}`];
  if (place === "issue")
    return [`${API}/issue/${encodeURIComponent(issueId ?? "")}/properties/${key}`];
  // One account may sync several projects.
  return [
    `${API}/user/properties/${key}.${encodeURIComponent(project)}`,
    { userKey: await accountKey() },
  ];
}

/**
 * Jira's own state: `/status` answers also while it starts. The number in the middle of `X-AREQUESTID`
 * counts what the node has answered since its start (Atlassian, "Jira access log format").
 */
export async function readVitals(http: Http): Promise<Vitals | null> {
  const answer = await http.peek("/status");
  if (!answer) return null;
  const status = statusAnswer.safeParse(asJson(answer.text));
  const requests = /^\d+x(\d+)x\d+$/.exec(answer.header("x-arequestid") ?? "")?.[1];
  const id = answer.header("x-anodeid");
  return {
    isRunning: status.success ? status.data.state === "RUNNING" : null,
    node: requests ? { id: id ?? "single", requests: Number(requests) } : null,
  };
}

/** Null where application links are switched off. */
export async function readApplicationId(http: Http): Promise<string | null> {
  const answer = await http.peek("/rest/applinks/1.0/manifest");
  const manifest = manifestAnswer.safeParse(asJson(answer?.text ?? ""));
  return manifest.success ? manifest.data.id : null;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
