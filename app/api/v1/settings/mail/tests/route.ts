import { sendTestMailOfNode } from "@/lib/api/operations/mail";
import { serve } from "@/lib/api/serve";

export const POST = serve(sendTestMailOfNode);
