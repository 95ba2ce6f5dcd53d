import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export type Received = { subject: string; body: string; to: string[]; messageId: string };

export type Mailbox = {
  port: number;
  mails: Received[];
  /** How many connections there were, whatever came of them. */
  connections: () => number;
  close: () => Promise<void>;
};

/** A real mail server on this machine; `refuses` answers the mail's words with it, `drops` ends the connection there. */
export async function openMailbox(
  options: SMTPServerOptions = {},
  fault: { refuses?: string; drops?: boolean } = {},
): Promise<Mailbox> {
  const mails: Received[] = [];
  let connections = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 100,
    logger: false,
    ...options,
    onConnect(_, callback) {
      connections += 1;
      callback();
    },
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        if (fault.drops) {
          for (const connection of server.connections) connection._socket.destroy();
          return;
        }
        if (fault.refuses) return callback(new Error(fault.refuses));
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ ...read(Buffer.concat(parts).toString("utf8")), to });
        callback(null, "taken");
      });
    },
  });
  server.on("error", () => undefined);
  const listener = server.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Of a message with one part of text. */
function read(raw: string): Omit<Received, "to"> {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const unfolded = head.replace(/\r\n\s+/g, " ");
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(unfolded)?.[1] ?? "";
  const encoding = header("Content-Transfer-Encoding").trim().toLowerCase();
  const text = rest.join("\r\n\r\n");
  const body =
    encoding === "quoted-printable"
      ? text
          .replace(/=\r\n/g, "")
          .replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
            Buffer.from(bytes.replace(/=/g, ""), "hex").toString("utf8"),
          )
      : encoding === "base64"
        ? Buffer.from(text, "base64").toString("utf8")
        : text;
  return {
    subject: header("Subject"),
    messageId: header("Message-ID"),
    body: body.replace(/\r\n/g, "\n"),
  };
}
