import { readMailOfNode, saveMailSettingsOfNode } from "@/lib/api/operations/mail";
import { serve } from "@/lib/api/serve";

export const GET = serve(readMailOfNode);
export const PUT = serve(saveMailSettingsOfNode);
