import { listAllPeople } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const GET = serve(listAllPeople);
