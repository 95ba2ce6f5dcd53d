import { lookup } from "node:dns";
import { readFileSync } from "node:fs";
import { isIP, type LookupFunction } from "node:net";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, Dispatcher, ProxyAgent } from "undici";
import { type AddressRanges, isAllowedAddress, parseRanges } from "@/lib/connectors/address-guard";
import type { Env } from "@/lib/env";

/** An address that nothing allows: no connection was made. */
export class AddressRefused extends Error {}

export type NetworkOptions = {
  /** Certificates in PEM that are trusted beside the public ones. */
  extraCertificates?: string | undefined;
  proxy?: { url: string; exceptFor: string[] } | undefined;
};

const LIMITS = {
  connections: 32,
  // An instance that closes an idle connection must not meet our next write on it.
  keepAliveTimeout: 4_000,
  pipelining: 1,
};

/** The way to instances that a node's settings describe. Throws a readable message for settings that cannot be used. */
export function networkFor(
  settings: Pick<Env, "ALLOWED_ADDRESSES" | "EXTRA_CA_FILE" | "OUTGOING_PROXY" | "NO_PROXY_FOR">,
): Dispatcher {
  const { EXTRA_CA_FILE: file, OUTGOING_PROXY: proxy, NO_PROXY_FOR: direct } = settings;
  return openNetwork(parseRanges(settings.ALLOWED_ADDRESSES), {
    extraCertificates: file && readCertificates(file),
    proxy: proxy ? { url: proxy, exceptFor: hostsIn(direct) } : undefined,
  });
}

/** What TLS trusts: the public authorities, and that of `EXTRA_CA_FILE`. */
export function trustedBy({ EXTRA_CA_FILE: file }: Pick<Env, "EXTRA_CA_FILE">): { ca?: string[] } {
  return trusting(file && readCertificates(file));
}

function trusting(extraCertificates: string | undefined): { ca?: string[] } {
  return extraCertificates ? { ca: [...rootCertificates, extraCertificates] } : {};
}

function readCertificates(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`EXTRA_CA_FILE: ${file} cannot be read`, { cause });
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Error(`EXTRA_CA_FILE: ${file} holds no certificate in PEM`);
}

function hostsIn(text: string): string[] {
  return text
    .split(",")
    .map((host) =>
      host
        .trim()
        .toLowerCase()
        .replace(/^\*?\./, "."),
    )
    .filter(Boolean);
}

/**
 * Connections to instances. Each address is checked when it is connected to, after resolution, so
 * that a name cannot point somewhere else a moment later. Redirects are never followed.
 */
export function openNetwork(
  allowed: AddressRanges,
  { extraCertificates, proxy }: NetworkOptions = {},
): Dispatcher {
  const trusted = trusting(extraCertificates);
  const direct = openDirect(allowed, trusted);
  if (!proxy) return direct;
  const through = new ProxyAgent({
    uri: proxy.url,
    requestTls: trusted,
    proxyTls: trusted,
    ...LIMITS,
  });
  return new ProxiedNetwork(direct, through, allowed, proxy.exceptFor);
}

/**
 * Behind a proxy: names are resolved there, and its rules decide where they may lead. Addresses that are
 * given as numbers are still checked here, and hosts that need no proxy are reached directly.
 */
class ProxiedNetwork extends Dispatcher {
  readonly #direct: Dispatcher;
  readonly #through: Dispatcher;
  readonly #allowed: AddressRanges;
  readonly #exceptFor: string[];

  constructor(direct: Dispatcher, through: Dispatcher, allowed: AddressRanges, except: string[]) {
    super();
    this.#direct = direct;
    this.#through = through;
    this.#allowed = allowed;
    this.#exceptFor = except;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const host = new URL(String(options.origin)).hostname.toLowerCase();
    const isDirect = this.#exceptFor.some((name) =>
      name.startsWith(".") ? host.endsWith(name) : host === name,
    );
    if (isDirect) return this.#direct.dispatch(options, handler);
    const address = host.replace(/^\[|\]$/g, "");
    if (isIP(address) !== 0 && !isAllowedAddress(address, this.#allowed))
      throw new AddressRefused(address);
    return this.#through.dispatch(options, handler);
  }

  override async close(): Promise<void> {
    await Promise.all([this.#direct.close(), this.#through.close()]);
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.#direct.destroy(), this.#through.destroy()]);
  }
}

/** Resolves a name to those of its addresses that may be connected to: for the socket that connects. */
export function guardedLookup(allowed: AddressRanges): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, [], 0);
      const usable = addresses.filter(({ address }) => isAllowedAddress(address, allowed));
      if (usable.length === 0) return callback(new AddressRefused(hostname), [], 0);
      if (options.all) return callback(null, usable);
      callback(null, usable[0]?.address ?? "", usable[0]?.family);
    });
}

function openDirect(allowed: AddressRanges, trusted: { ca?: string[] }): Dispatcher {
  const connect = buildConnector({ lookup: guardedLookup(allowed), timeout: 10_000, ...trusted });
  return new Agent({
    ...LIMITS,
    connect(options, callback) {
      const host = options.hostname.replace(/^\[|\]$/g, "");
      if (isIP(host) !== 0 && !isAllowedAddress(host, allowed))
        return callback(new AddressRefused(host), null);
      connect(options, callback);
    },
  });
}
