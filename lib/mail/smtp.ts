import { connect, isIP, type Socket } from "node:net";
import nodemailer from "nodemailer";
import { isAllowedAddress, parseRanges } from "@/lib/connectors/address-guard";
import { AddressRefused, guardedLookup, trustedBy } from "@/lib/connectors/network";
import type { Env } from "@/lib/env";
import type { Composed } from "@/lib/mail/compose";
import type { MailSecurity, Posted } from "@/lib/mail/mail";

/** A server with its password in the clear: in memory only. */
export type MailServer = {
  host: string;
  port: number;
  security: MailSecurity;
  user: string | null;
  password: string | null;
  sender: string;
};

export type Letter = Composed & {
  recipients: string[];
  /** The same for each attempt of one mail, so that a server can see that it has it already. */
  messageId: string;
};

/** The way to a server, as the node's settings describe it. */
export type MailNetwork = Pick<Env, "ALLOWED_ADDRESSES" | "EXTRA_CA_FILE">;

const CONNECT_MS = 10_000;
const QUIET_MS = 20_000;
/** Whatever a server does, a mail has an end long before another worker may claim it. */
const LONGEST_MS = 60_000;

/**
 * Hands one mail to a server and tells what came of it, in the server's own words where it had any; never
 * throws for what a server may do. The address is checked when it is connected to, after resolution.
 */
export async function postMail(
  server: MailServer,
  { subject, body, recipients, messageId }: Letter,
  network: MailNetwork,
): Promise<Posted> {
  const { host, port, security, user, password, sender } = server;
  // From the server's go-ahead on it has the mail's words: what happens then is not known to us.
  let isOnItsWay = false;
  let socket: Socket | undefined;
  const tooLong = setTimeout(
    () => socket?.destroy(new Error(`no end within ${LONGEST_MS / 1_000} s`)),
    LONGEST_MS,
  );
  try {
    const transport = nodemailer.createTransport({
      host,
      port,
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: trustedBy(network),
      ...(user ? { auth: { user, pass: password ?? "" } } : {}),
      greetingTimeout: QUIET_MS,
      socketTimeout: QUIET_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket(_, callback) {
        openSocket(host, port, network).then(
          (connection) => {
            socket = connection;
            callback(null, { connection });
          },
          (error: Error) => callback(error),
        );
      },
      transactionLog: true,
      logger: {
        debug: (entry: { tnx?: string } | undefined, message?: string) => {
          if (entry?.tnx === "server" && message?.startsWith("354")) isOnItsWay = true;
        },
      },
    });
    const { response, rejected } = await transport.sendMail({
      from: sender,
      to: recipients,
      subject,
      text: body,
      messageId,
      headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    });
    const without = rejected.length > 0 ? ` Not taken for ${rejected.join(", ")}.` : "";
    return { kind: "sent", answer: `${short(response)}${without}` };
  } catch (error) {
    const { response, responseCode } = error as { response?: string; responseCode?: number };
    if (responseCode !== undefined && response) return { kind: "refused", answer: short(response) };
    const answer = wordsOf(error, host);
    return isOnItsWay ? { kind: "lost", answer } : { kind: "refused", answer };
  } finally {
    clearTimeout(tooLong);
    socket?.destroy();
  }
}

/** A connected socket, to an address that may be connected to. */
async function openSocket(host: string, port: number, network: MailNetwork): Promise<Socket> {
  const allowed = parseRanges(network.ALLOWED_ADDRESSES);
  if (isIP(host) !== 0 && !isAllowedAddress(host, allowed)) throw new AddressRefused(host);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: guardedLookup(allowed) });
    const tooLong = setTimeout(
      () => socket.destroy(new Error(`no connection within ${CONNECT_MS / 1_000} s`)),
      CONNECT_MS,
    );
    // Stays: whoever uses the socket afterwards listens for itself, and a late error must not end the process.
    socket.on("error", (error) => {
      clearTimeout(tooLong);
      reject(error);
    });
    socket.once("connect", () => {
      clearTimeout(tooLong);
      resolve(socket);
    });
  });
}

const LONGEST_ANSWER = 500;

function short(answer: string): string {
  return answer.replace(/\s+/g, " ").trim().slice(0, LONGEST_ANSWER);
}

function wordsOf(error: unknown, host: string): string {
  if (error instanceof AddressRefused)
    return `${host} is not a public address: add its range to ALLOWED_ADDRESSES and restart, or use another server.`;
  const { code, message } = error as { code?: string; message?: string };
  switch (code) {
    case "ENOTFOUND":
    case "EDNS":
      return `${host} has no address.`;
    case "ECONNREFUSED":
      return `${host} takes no connection at this port.`;
    default:
      return short(message ?? String(error));
  }
}
