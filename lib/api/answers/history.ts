import { z } from "zod";
import { id, moment } from "@/lib/api/answers/common";

export const auditAnswer = z
  .object({
    id,
    at: moment,
    actor: z.string(),
    action: z.string(),
    subject: z.string().nullable(),
    reason: z.string().nullable(),
    detail: z.looseObject({}),
  })
  .meta({ id: "AuditRecord" });
