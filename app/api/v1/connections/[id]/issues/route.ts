import { lookUpOneIssue } from "@/lib/api/operations/pairs";
import { serve } from "@/lib/api/serve";

export const GET = serve(lookUpOneIssue);
