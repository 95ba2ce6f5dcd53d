import { changeRoleOfPerson } from "@/lib/api/operations/people";
import { serve } from "@/lib/api/serve";

export const PUT = serve(changeRoleOfPerson);
