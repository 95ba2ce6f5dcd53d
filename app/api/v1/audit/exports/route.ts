import { exportAuditRecords } from "@/lib/api/operations/history";
import { serve } from "@/lib/api/serve";

export const POST = serve(exportAuditRecords);
