import { readActivityCharts } from "@/lib/api/operations/history";
import { serve } from "@/lib/api/serve";

export const GET = serve(readActivityCharts);
