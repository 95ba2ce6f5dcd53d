import { z } from "zod";
import { json, malformed, problem } from "@/lib/api/problem";
import { pathId } from "@/lib/api/schemas";
import { forViewer } from "@/lib/api/viewer-route";
import { viewerFor } from "@/lib/data/viewer";
import { database } from "@/lib/db/database";
import { HISTORIES } from "@/lib/pairs/history";
import { readHistory } from "@/lib/pairs/history-store";

const query = z.strictObject({
  kind: z.enum(HISTORIES),
  before: z.string().max(200).optional(),
});

export const GET = forViewer(viewerFor, "permits:read", async (request, { id }) => {
  const number = pathId(id);
  if (number === null) return problem(404, "There is no such pair any more.");
  const parsed = query.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!parsed.success) return malformed(parsed.error);
  const { kind, before } = parsed.data;
  return json(await readHistory(database(), number, kind, before ?? null));
});
