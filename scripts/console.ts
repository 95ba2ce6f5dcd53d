import { createServer } from "node:http";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import next from "next";
import { callerAddress } from "@/lib/access/caller-address";
import { prepareAccess } from "@/lib/access/prepare";
import { parseRanges } from "@/lib/connectors/address-guard";
import { env } from "@/lib/env";
import { EXIT_UNUSABLE } from "@/scripts/supervisor";

/** Longer than that a database that is away does not keep the console from answering. */
const PREPARED_WITHIN_MS = 5_000;

/** The console's web server. Ends when asked to, and when the process that started it is gone. */
const { PORT, CONSOLE_URL, TRUSTED_PROXIES } = env();
const proxies = parseRanges(TRUSTED_PROXIES, "TRUSTED_PROXIES");
// next-auth builds its addresses from this, never from what a request says about itself.
process.env.NEXTAUTH_URL = CONSOLE_URL;

const app = next({
  dev: process.argv.includes("--dev"),
  dir: resolve(import.meta.dirname, ".."),
  port: PORT,
});
const server = createServer();

server.on("error", (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === "EADDRINUSE"
      ? `port ${PORT} is taken by another program: end that program, or set PORT`
      : `the console's web server stopped: ${error.message}`,
  );
  process.exit(error.code === "EADDRINUSE" ? EXIT_UNUSABLE : 1);
});

let isStopping = false;
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  server.close(() => process.exit(0));
  server.closeAllConnections(); // live pages hold their streams open for ever
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);

// Here and not in Next's instrumentation, which waits in production for the first request.
const prepared = prepareAccess();
await app.prepare();
// Not for ever: a console whose database is away has to answer, and to say so.
await Promise.race([prepared, pause(PREPARED_WITHIN_MS, undefined, { ref: false })]);
const answer = app.getRequestHandler();
server.on("request", (request, response) => {
  // Next would believe a header that the caller wrote.
  const forwardedFor = request.headersDistinct["x-forwarded-for"]?.join(",");
  const caller = callerAddress(request.socket.remoteAddress ?? "", forwardedFor, proxies);
  request.headers["x-forwarded-for"] = caller;
  void answer(request, response);
});
server.listen(PORT, () => process.send?.("ready"));
