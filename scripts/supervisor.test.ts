import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test, vi } from "vitest";
import { EXIT_UNUSABLE, type Pace, type Supervisor, supervise } from "@/scripts/supervisor";

const QUICK: Pace = { firstDelayMs: 50, longestDelayMs: 200, healthyMs: 60_000, readyMs: 10_000 };

function standIn(name: string, args: string[] = [], script = "scripts/testing/stand-in.ts") {
  return { name, script, args, env: { PATH: process.env.PATH }, graceMs: 5_000 };
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pidOf(supervisor: Supervisor, name: string): number {
  const pid = supervisor.pids().get(name);
  if (!pid) throw new Error(`${name} does not run`);
  return pid;
}

describe("the supervisor", () => {
  const lines: string[] = [];
  let supervisor: Supervisor | undefined;
  let other: ChildProcess | undefined;

  afterEach(async () => {
    await supervisor?.stop([["one", "two"]]);
    other?.kill("SIGKILL");
    supervisor = undefined;
    other = undefined;
    lines.length = 0;
  });

  test("starts a killed program again, and leaves the other alone", async () => {
    supervisor = supervise([standIn("one"), standIn("two")], (line) => lines.push(line), QUICK);
    await Promise.all([supervisor.ready("one"), supervisor.ready("two")]);
    const killed = pidOf(supervisor, "one");
    const untouched = pidOf(supervisor, "two");
    process.kill(killed, "SIGKILL");
    await vi.waitFor(
      () => expect(lines.filter((line) => /^\[one\] ready/.test(line))).toHaveLength(2),
      10_000,
    );
    expect(pidOf(supervisor, "one")).not.toBe(killed);
    expect(pidOf(supervisor, "two")).toBe(untouched);
  });

  test("of two that were killed together the second begins only when the first is in service", async () => {
    const program = (name: string) => standIn(name, ["300"]);
    supervisor = supervise([program("one"), program("two")], (line) => lines.push(line), QUICK);
    await Promise.all([supervisor.ready("one"), supervisor.ready("two")]);
    lines.length = 0;
    process.kill(pidOf(supervisor, "one"), "SIGKILL");
    process.kill(pidOf(supervisor, "two"), "SIGKILL");
    await vi.waitFor(
      () => expect(lines.filter((line) => line.includes("ready"))).toHaveLength(2),
      10_000,
    );
    const order = lines.flatMap((line) => /\] (began|ready)/.exec(line)?.[1] ?? []);
    expect(order).toEqual(["began", "ready", "began", "ready"]);
  });

  test("a program that says it cannot be used is not started again", async () => {
    supervisor = supervise(
      [standIn("one", [String(EXIT_UNUSABLE)], "scripts/testing/unusable.ts")],
      (line) => lines.push(line),
      QUICK,
    );
    await expect(supervisor.failed).rejects.toThrow("the one cannot run");
    expect(supervisor.pids().size).toBe(0);
  });

  test("stopping ends every program and starts none again", async () => {
    supervisor = supervise([standIn("one"), standIn("two")], (line) => lines.push(line), QUICK);
    await Promise.all([supervisor.ready("one"), supervisor.ready("two")]);
    const pids = [...supervisor.pids().values()];
    await supervisor.stop([["one"], ["two"]]);
    expect(pids.filter(lives)).toEqual([]);
    expect(supervisor.pids().size).toBe(0);
  });

  test("killed by kill -9, it takes its programs with it", async () => {
    const began = Promise.withResolvers<number[]>();
    const killed = spawn(
      process.execPath,
      ["--import", "tsx", "scripts/testing/stand-in-supervisor.ts"],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    other = killed;
    const pids: number[] = [];
    createInterface(killed.stdout).on("line", (line) => {
      const pid = /ready (\d+)/.exec(line)?.[1];
      if (pid) pids.push(Number(pid));
      if (pids.length === 2) began.resolve(pids);
    });
    await began.promise;
    expect(pids.filter(lives)).toHaveLength(2);
    killed.kill("SIGKILL");
    await vi.waitFor(() => expect(pids.filter(lives)).toEqual([]), 10_000);
  });
});
