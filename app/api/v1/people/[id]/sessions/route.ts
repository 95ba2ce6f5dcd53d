import { endSessionsOfPerson } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const DELETE = serve(endSessionsOfPerson);
