import { createHash } from "node:crypto";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Four times four letters and digits, e.g. BP8Q-WXN6-SKX3-NB5M; always the same for the same seed. */
export function serverIdFrom(seed: string): string {
  const bytes = createHash("sha256").update(seed).digest().subarray(0, 16);
  const letters = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
  return letters.replace(/.{4}(?=.)/g, "$&-");
}

/** Jira makes it from the server id alone: Java's UUID.nameUUIDFromBytes. So a copy has the original's. */
export function applicationIdFrom(serverId: string): string {
  const bytes = createHash("md5").update(serverId, "utf8").digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x30, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
