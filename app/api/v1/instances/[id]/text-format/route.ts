import { chooseTextFormat } from "@/lib/api/operations/instances";
import { serve } from "@/lib/api/serve";

export const PUT = serve(chooseTextFormat);
