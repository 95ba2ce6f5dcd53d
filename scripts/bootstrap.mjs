/**
 * Prepares a checkout and runs a program in it. Plain JavaScript for Node 20 or newer, since nothing
 * need be installed yet; each step is skipped when what it makes is still current.
 *
 *   node scripts/bootstrap.mjs [--build] [--types] [script.ts | tool] [arguments…]
 *
 * A script runs on the Node that the lock file fixes, a tool is one of node_modules/.bin.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLS = join(ROOT, "node_modules", ".bin");
/** Everything that the built console is made of. */
const CONSOLE_SOURCES = [
  "app",
  "components",
  "lib",
  "public",
  "prisma",
  "next.config.ts",
  "postcss.config.mjs",
  "proxy.ts",
  "package-lock.json",
];

process.chdir(ROOT);
if (Number(process.versions.node.split(".")[0]) < 20) {
  console.error(`Node 20 or newer is needed; this is ${process.version}.`);
  process.exit(1);
}
const given = process.argv.slice(2);
const wants = new Set();
while (given[0] === "--build" || given[0] === "--types") wants.add(given.shift());

await install();
connectHooks();
await generate();
if (wants.has("--build")) await build();
else if (wants.has("--types")) await writeTypes();
if (given.length > 0) await runProgram(given);

async function install() {
  const stamp = "node_modules/.installed-lock";
  const lock = hashOf(["package-lock.json"]);
  if (readIfThere(stamp) === lock) return;
  if (!isInstalled()) {
    // npm removes node_modules first, and with it the Node that npm scripts find there.
    const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== TOOLS);
    await step("Installing packages", "npm", ["ci", "--include=dev", "--no-audit", "--no-fund"], {
      PATH: path.join(delimiter),
    });
  }
  writeFileSync(stamp, lock);
}

/** Whether what npm noted in node_modules is what the lock file asks for. */
function isInstalled() {
  const noted = readIfThere("node_modules/.package-lock.json");
  if (!noted) return false;
  const there = JSON.parse(noted).packages;
  const wanted = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || (there[path] ? there[path].version === version : optional),
  );
}

/** Only where nobody has chosen another place for hooks. */
function connectHooks() {
  if (!existsSync(".git")) return;
  const { status, stdout } = spawnSync("git", ["config", "core.hooksPath"], { encoding: "utf8" });
  if (status === 1 && stdout === "") spawnSync("git", ["config", "core.hooksPath", ".githooks"]);
}

async function generate() {
  const stamp = "lib/db/generated/.source";
  const source = hashOf(["prisma/schema.prisma", "package-lock.json"]);
  if (readIfThere(stamp) === source) return;
  await step("Generating the database client", tool("prisma"), ["generate"]);
  writeFileSync(stamp, source);
}

async function build() {
  const stamp = ".next/source";
  const source = hashOf(CONSOLE_SOURCES);
  if (readIfThere(stamp) === source) return;
  rmSync(stamp, { force: true }); // a build that fails half-way is not current
  await step("Building the console", tool("next"), ["build"], { NODE_ENV: "production" });
  writeFileSync(stamp, source);
}

/** A page that has gone must not be named in them any more. */
async function writeTypes() {
  const stamp = ".next/pages";
  const pages = readdirSync("app", { recursive: true }).sort().join("\n");
  if (readIfThere(stamp) === pages && existsSync("next-env.d.ts")) return;
  await step("Writing the types of the pages", tool("next"), ["typegen"]);
  writeFileSync(stamp, pages);
}

function tool(name) {
  return join(TOOLS, name);
}

function hashOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      if (path === "lib/db/generated") return;
      for (const name of readdirSync(path).sort()) add(`${path}/${name}`);
    } else if (!/\.test\.tsx?$/.test(path)) {
      hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
    }
  };
  paths.forEach(add);
  return hash.digest("hex");
}

function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

function environment(extra) {
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== TOOLS);
  return {
    ...process.env,
    PATH: [TOOLS, ...path].join(delimiter),
    NEXT_TELEMETRY_DISABLED: "1",
    CHECKPOINT_DISABLE: "1", // Prisma's question for a newer version
    ...extra,
  };
}

/** Shows one line per step; what the program printed only when it fails. */
async function step(title, command, args, extra = {}) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1_000)} s`;
  const isTerminal = process.stderr.isTTY;
  const show = (mark, end) =>
    process.stderr.write(`${isTerminal ? "\r" : ""}${mark} ${title}${end}`);
  show("…", isTerminal ? " " : "\n");
  const ticker = isTerminal ? setInterval(() => show("…", ` ${seconds()} `), 1_000) : undefined;

  const child = spawn(command, args, {
    env: environment(extra),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => (printed += chunk));
  child.stderr.on("data", (chunk) => (printed += chunk));
  const outcome = await ended(child);
  clearInterval(ticker);
  if (outcome === 0) return show("✓", ` (${seconds()})\n`);
  show("✗", ` (${seconds()})\n`);
  process.stderr.write(`${printed.trim()}\n`);
  process.exit(outcome);
}

async function runProgram([program, ...args]) {
  const isScript = /\.[mc]?[jt]s$/.test(program);
  const ours = tool("node");
  const settings = existsSync(".env") ? ["--env-file=.env"] : [];
  // An IPC channel: a program that has children ends them when this process is gone, however it went.
  const child = isScript
    ? spawn(
        existsSync(ours) ? ours : process.execPath,
        [...settings, "--import", "tsx", program, ...args],
        { env: environment({}), stdio: ["inherit", "inherit", "inherit", "ipc"] },
      )
    : spawn(tool(program), args, { env: environment({}), stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to every program in it.
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  process.exit(await ended(child));
}

/** The exit code, in a shell's way of counting: 128 and the signal's number for one that was killed. */
function ended(child) {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`${error.path ?? "the program"} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
