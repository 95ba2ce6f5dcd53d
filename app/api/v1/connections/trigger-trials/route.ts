import { tryOneTrigger } from "@/lib/api/operations/set-up";
import { serve } from "@/lib/api/serve";

export const POST = serve(tryOneTrigger);
