import { z } from "zod";

/** A value that is absent or empty counts as not given. */
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), type.optional());
const withDefault = <T extends z.ZodType>(type: T, value: string) =>
  z.preprocess((given) => (given === undefined || given === "" ? value : given), type);
const milliseconds = z.coerce.number().int().min(1);

const schema = z.object({
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, "must start with postgres://")),
  DATA_DIR: withDefault(z.string(), "data"),
  PORT: withDefault(z.coerce.number().int().min(0).max(65_535), "3000"),
  CONSOLE_URL: withDefault(z.url({ protocol: /^https?$/ }), "http://localhost:3000"),
  TRUSTED_PROXIES: withDefault(z.string(), "127.0.0.0/8,::1/128"),
  NODE_LABEL: optional(z.string().max(40)),
  SECRET_KEY: optional(z.string().regex(/^[A-Za-z0-9+/_-]{43}=?$/, "must be 32 bytes in base64")),
  SECRET_KEY_FILE: optional(z.string()),
  ADMIN_EMAIL: optional(z.email()),
  ADMIN_PASSWORD: optional(z.string().min(12, "must have at least 12 characters")),
  API_TOKEN: optional(z.string().min(24, "must have at least 24 characters")),
  ALLOWED_ADDRESSES: withDefault(z.string(), ""),
  EXTRA_CA_FILE: optional(z.string()),
  OUTGOING_PROXY: optional(z.url({ protocol: /^https?$/ })),
  NO_PROXY_FOR: withDefault(z.string(), ""),
  WORKERS: withDefault(z.coerce.number().int().min(1).max(64), "2"),
  ASK_MS: withDefault(milliseconds, "5000"),
  WRITE_TIMEOUT_MS: withDefault(milliseconds, "30000"),
  POLL_INTERVAL_MS: withDefault(milliseconds, "15000"),
  SWEEP_CALLS_PER_MINUTE: withDefault(z.coerce.number().int().min(2), "60"),
  SWEEP_REST_MS: withDefault(milliseconds, "3600000"),
  CLAIM_PERIOD_MS: withDefault(milliseconds, "15000"),
  SYNC_IDENTITY: optional(z.enum(["copy"])),
  LOOP_ANSWER_MS: withDefault(milliseconds, "5000"),
  INDEX_LAG_MS: withDefault(z.coerce.number().int().min(0), "30000"),
  LOG_LEVEL: withDefault(z.enum(["debug", "info", "warn", "error"]), "info"),
});

/** Every setting that comes from outside; `.env.example` explains each. */
export type Env = z.infer<typeof schema>;

/** Throws one readable message that names every variable that is wrong. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`These settings cannot be used (see .env.example):\n${lines.join("\n")}`);
}

let cached: Env | undefined;

/** The process's settings, parsed once, at first use. */
export function env(): Env {
  cached ??= parseEnv(process.env);
  return cached;
}

/** Whether a setting was given, rather than left to its default. */
export function wasTold(name: keyof Env): boolean {
  return Boolean(process.env[name]);
}
