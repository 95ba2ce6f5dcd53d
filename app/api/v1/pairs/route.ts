import { findPairs, linkIssues } from "@/lib/api/operations/issues";
import { serve } from "@/lib/api/serve";

export const GET = serve(findPairs);
export const POST = serve(linkIssues);
