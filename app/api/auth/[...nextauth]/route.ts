import NextAuth from "next-auth";
import { authOptions } from "@/lib/data/auth-options";

type Context = { params: Promise<{ nextauth: string[] }> };

/** The options depend on the node's identity, which is in the database: made per request. */
async function handle(request: Request, context: Context): Promise<Response> {
  return NextAuth(request as never, context as never, await authOptions());
}

export { handle as GET, handle as POST };
