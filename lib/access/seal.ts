import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Env, env } from "@/lib/env";

const KEY_BYTES = 32;
const NONCE_BYTES = 12; // 96 bits, as GCM wants them
const TAG_BYTES = 16;

/**
 * A secret that cannot be opened. `another_key`: it was sealed by a node with another key, which is
 * what a copied database looks like without its key file. `damaged`: altered, or moved to another place.
 */
export class SealError extends Error {
  readonly code: "another_key" | "damaged";

  constructor(code: "another_key" | "damaged", message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SealError";
    this.code = code;
  }
}

let cached: Buffer | undefined;

/**
 * This node's key: `SECRET_KEY`, else the file `SECRET_KEY_FILE` (default `keys/secret.key` in the data
 * directory), which is made at first use. It lives outside the database, so that a database copied
 * without it cannot send anything.
 */
export function nodeKey(): Buffer {
  cached ??= findKey();
  return cached;
}

/** This node's key as it is, or null when there is none yet. Never makes one. */
export function existingNodeKey(settings: KeySettings = env()): Buffer | null {
  return settings.SECRET_KEY
    ? Buffer.from(settings.SECRET_KEY, "base64")
    : readKey(keyFile(settings));
}

type KeySettings = Pick<Env, "SECRET_KEY" | "SECRET_KEY_FILE" | "DATA_DIR">;

/** Where the key is kept when the environment does not hold it. */
export function keyFile({ SECRET_KEY_FILE, DATA_DIR }: KeySettings): string {
  return SECRET_KEY_FILE ?? join(DATA_DIR, "keys", "secret.key");
}

function findKey(): Buffer {
  const settings = env();
  return existingNodeKey(settings) ?? createKey(keyFile(settings));
}

/** Reads the key in `path`, or makes one there. Processes that start at the same time agree on one key. */
export function readOrCreateKey(path: string): Buffer {
  return readKey(path) ?? createKey(path);
}

function readKey(path: string): Buffer | null {
  try {
    const key = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
    if (key.length !== KEY_BYTES)
      throw new Error(`${path} does not hold ${KEY_BYTES} bytes in base64`);
    return key;
  } catch (error) {
    if (isFileError(error, "ENOENT")) return null;
    throw error;
  }
}

function createKey(path: string): Buffer {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, {
    mode: 0o600,
    flag: "wx",
  });
  try {
    // A link appears whole or not at all, and never replaces: nobody reads half a key, and the first one wins.
    linkSync(draft, path);
  } catch (error) {
    if (!isFileError(error, "EEXIST")) throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = readKey(path);
  if (!key) throw new Error(`${path} vanished while it was being made`);
  return key;
}

function isFileError(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** A secret for one purpose, the same in every process of this node. It does not reveal the key. */
export function derivedSecret(purpose: string, key: Buffer = nodeKey()): string {
  const derived = hkdfSync("sha256", key, Buffer.alloc(0), `exalate/${purpose}`, KEY_BYTES);
  return Buffer.from(derived).toString("base64url");
}

/**
 * Encrypts with AES-256-GCM. `context` says what the secret is and whose (`instance|<name>|secret`): it is bound in,
 * so that a sealed value that is moved to another row does not open.
 */
export function seal(key: Buffer, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context, "utf8"));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return ["v1", keyId(key), nonce.toString("base64url"), body.toString("base64url")].join(".");
}

/** Whether this key, and no other, opens a sealed secret. Opens nothing. */
export function isSealedWith(key: Buffer, sealed: string): boolean {
  return sealed.split(".")[1] === keyId(key);
}

/** The text that was sealed with `key` for `context`; throws a `SealError` for everything else. */
export function unseal(key: Buffer, sealed: string, context: string): string {
  const [version, sealedBy, nonce, body] = sealed.split(".");
  if (version !== "v1" || !sealedBy || !nonce || !body) {
    throw new SealError("damaged", "this is not a sealed secret of a known version");
  }
  if (sealedBy !== keyId(key)) {
    throw new SealError(
      "another_key",
      `the secret was sealed with another key (${sealedBy}) than this node's (${keyId(key)}): bring the key file back, or enter the secret again`,
    );
  }
  const bytes = Buffer.from(body, "base64url");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context, "utf8"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return (
      decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8")
    );
  } catch (cause) {
    throw new SealError("damaged", "the secret was altered or belongs elsewhere: enter it again", {
      cause,
    });
  }
}

/** Tells keys apart without telling anything about them. */
export function keyId(key: Buffer): string {
  return createHmac("sha256", key).update("key id").digest("hex").slice(0, 8);
}
