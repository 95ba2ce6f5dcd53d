import { endSessionOfPerson } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const DELETE = serve(endSessionOfPerson);
