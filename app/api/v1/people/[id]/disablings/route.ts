import { disablePerson } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const POST = serve(disablePerson);
