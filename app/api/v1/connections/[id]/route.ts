import {
  changeOneConnection,
  deleteOneConnection,
  readOneConnection,
} from "@/lib/api/operations/connection-changes";
import { serve } from "@/lib/api/serve";

export const DELETE = serve(deleteOneConnection);
export const GET = serve(readOneConnection);
export const PUT = serve(changeOneConnection);
