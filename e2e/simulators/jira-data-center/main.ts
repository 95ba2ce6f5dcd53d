import { parseArgs } from "node:util";
import { isVersion, VERSIONS } from "@/e2e/simulators/jira-data-center/personality";
import { startJiraSimulator } from "@/e2e/simulators/jira-data-center/server";
import { readSnapshot } from "@/e2e/simulators/jira-data-center/snapshot";

/** `npm run simulator -- --name production --port 4001 --context /jira --data file.json` */
const { values } = parseArgs({
  options: {
    name: { type: "string", default: "jira" },
    port: { type: "string", default: "0" },
    host: { type: "string", default: "127.0.0.1" },
    context: { type: "string", default: "" },
    zone: { type: "string" },
    data: { type: "string" },
    from: { type: "string" },
    version: { type: "string", default: "" },
  },
});

try {
  const from = values.from === undefined ? undefined : readSnapshot(values.from);
  if (from === null) throw new Error(`there is no file ${values.from}`);
  if (values.version !== "" && !isVersion(values.version))
    throw new Error(`there is no version ${values.version}: it is one of ${VERSIONS.join(", ")}`);
  const simulator = await startJiraSimulator({
    name: values.name,
    port: Number(values.port),
    host: values.host,
    contextPath: values.context,
    serverTimeZone: values.zone,
    file: values.data,
    from,
    ...(values.version === "" ? {} : { version: values.version }),
    quiet: false,
  });
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    await simulator.stop();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === "EADDRINUSE" ? `port ${values.port} is taken` : message;
  console.error(`cannot start the Jira simulator "${values.name}": ${reason}`);
  process.exit(1);
}
