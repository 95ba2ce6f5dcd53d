import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openHttp } from "@/lib/connectors/http";
import { networkFor } from "@/lib/connectors/network";
import { openTicket } from "@/lib/testing/ticket";

const SETTINGS = {
  ALLOWED_ADDRESSES: "127.0.0.0/8",
  EXTRA_CA_FILE: undefined,
  OUTGOING_PROXY: undefined,
  NO_PROXY_FOR: "",
};
const open: (Server | { close(): unknown; closeAllConnections?(): void })[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections?.();
    server.close();
  }
});

async function listening(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function reach(settings: Partial<typeof SETTINGS> | { OUTGOING_PROXY: string }, baseUrl: string) {
  const network = networkFor({ ...SETTINGS, ...settings });
  open.push({ close: () => network.destroy() });
  return openHttp(network, {
    instance: "Acme",
    baseUrl,
    authorization: "Bearer secret",
    refuses: () => null,
    writeTimeoutMs: 5_000,
  });
}

describe("an instance whose certificate comes from an authority of one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const key = join(folder, "key.pem");
  const certificate = join(folder, "certificate.pem");
  beforeAll(() => {
    execFileSync("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", certificate, "-days", "2"],
      ...["-subj", "/CN=acme", "-addext", "subjectAltName=IP:127.0.0.1"],
    ]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const startInstance = () =>
    listening(
      createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, response) =>
        response.end('"here"'),
      ) as unknown as Server,
    );

  test("is not trusted by itself", async () => {
    const http = reach({}, `https://127.0.0.1:${await startInstance()}`);
    await expect(http.read(z.string(), "/")).rejects.toMatchObject({
      code: "instance_unreachable",
    });
  });

  test("is trusted when the authority is given, and public ones still are", async () => {
    const http = reach(
      { EXTRA_CA_FILE: certificate } as never,
      `https://127.0.0.1:${await startInstance()}`,
    );
    expect(await http.read(z.string(), "/")).toBe("here");
  });

  test("a file that is not there, or holds none, is named at the start", () => {
    const empty = join(folder, "empty.pem");
    writeFileSync(empty, "nothing");
    for (const file of [empty, join(folder, "missing.pem")])
      expect(() => networkFor({ ...SETTINGS, EXTRA_CA_FILE: file })).toThrow(
        `EXTRA_CA_FILE: ${file}`,
      );
  });
});

describe("behind a proxy", () => {
  /** A proxy that resolves every name to this machine. */
  async function startProxy() {
    const asked: string[] = [];
    const sockets: Socket[] = [];
    const server = createServer((_, response) => response.writeHead(405).end());
    server.on("connect", (request, client: Socket, head) => {
      asked.push(request.url ?? "");
      const upstream = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        if (head.length > 0) upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      sockets.push(client, upstream);
      for (const socket of [client, upstream]) socket.on("error", () => socket.destroy());
    });
    open.push({ close: () => sockets.map((socket) => socket.destroy()) });
    return { asked, url: `http://127.0.0.1:${await listening(server)}` };
  }
  const startInstance = async (permits: string[] = []) => {
    const server = createServer((request, response) => {
      permits.push(String(request.headers["x-sync-permit"] ?? ""));
      response.end('"here"');
    });
    return listening(server);
  };

  test("names go to the proxy, and a write carries its permit through it", async () => {
    const proxy = await startProxy();
    const permits: string[] = [];
    const port = await startInstance(permits);
    const http = reach({ OUTGOING_PROXY: proxy.url }, `http://jira.internal.example:${port}`);
    expect(await http.read(z.string(), "/")).toBe("here");
    const ticket = openTicket();
    const sent = await http.write(
      ticket,
      z.string().transform(() => ({})),
      "PUT",
      "/",
      {},
    );
    expect(sent.kind).toBe("applied");
    expect(permits).toEqual(["", ticket.ids[0]]);
    expect(new Set(proxy.asked)).toEqual(new Set([`jira.internal.example:${port}`]));
  });

  test("hosts that need no proxy are reached without it", async () => {
    const proxy = await startProxy();
    const port = await startInstance();
    for (const direct of ["localhost", "*.localhost, localhost"]) {
      const settings = { OUTGOING_PROXY: proxy.url, NO_PROXY_FOR: direct };
      expect(await reach(settings, `http://localhost:${port}`).read(z.string(), "/")).toBe("here");
    }
    expect(proxy.asked).toEqual([]);
  });

  test("an address that is not allowed is refused here, without asking the proxy", async () => {
    const proxy = await startProxy();
    const http = reach({ OUTGOING_PROXY: proxy.url }, "http://169.254.169.254");
    await expect(http.read(z.string(), "/")).rejects.toMatchObject({ code: "address_refused" });
    expect(proxy.asked).toEqual([]);
  });
});
