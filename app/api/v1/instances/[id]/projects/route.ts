import { listProjects } from "@/lib/api/operations/set-up";
import { serve } from "@/lib/api/serve";

export const GET = serve(listProjects);
