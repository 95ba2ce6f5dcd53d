import { resumeOneConnection } from "@/lib/api/operations/connection-changes";
import { serve } from "@/lib/api/serve";

export const POST = serve(resumeOneConnection);
