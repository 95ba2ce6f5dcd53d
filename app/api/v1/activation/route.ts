import { readActivationPage } from "@/lib/api/operations/activation";
import { serve } from "@/lib/api/serve";

export const GET = serve(readActivationPage);
