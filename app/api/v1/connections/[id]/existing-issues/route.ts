import {
  bringInExistingIssues,
  countExistingIssues,
} from "@/lib/api/operations/connection-changes";
import { serve } from "@/lib/api/serve";

export const GET = serve(countExistingIssues);
export const POST = serve(bringInExistingIssues);
