import { previewRemovalOfHistory } from "@/lib/api/operations/node-settings";
import { serve } from "@/lib/api/serve";

export const POST = serve(previewRemovalOfHistory);
