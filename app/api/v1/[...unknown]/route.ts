import { problem } from "@/lib/api/problem";

async function answer(request: Request): Promise<Response> {
  return problem(404, `The API has no ${new URL(request.url).pathname}.`);
}

// What no other route answers is said as a problem too, not as a page.
export { answer as DELETE, answer as GET, answer as PATCH, answer as POST, answer as PUT };
