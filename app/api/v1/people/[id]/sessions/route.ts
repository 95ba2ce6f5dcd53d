import { endSessionsOfPerson, listSessionsOfPerson } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const GET = serve(listSessionsOfPerson);
export const DELETE = serve(endSessionsOfPerson);
