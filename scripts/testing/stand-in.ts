/** A program as the supervisor wants them, and nothing else: ready at once, ends when asked or left alone. */
const [afterMs = "0"] = process.argv.slice(2);

process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
console.info(`began ${process.pid}`);
setTimeout(() => {
  console.info(`ready ${process.pid}`);
  process.send?.("ready");
}, Number(afterMs));
