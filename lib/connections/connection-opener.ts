import type { Dispatcher } from "undici";
import { nodeKey, SealError, unseal } from "@/lib/access/seal";
import type { OpenSide } from "@/lib/connectors/connector";
import { openHttp } from "@/lib/connectors/http";
import { connectorFor } from "@/lib/connectors/registry";
import type { Connection, Instance } from "@/lib/db/generated/client";
import { SyncError } from "@/lib/errors";
import type { Side } from "@/lib/sync/plan-types";

export type ConnectionWithInstances = Connection & {
  localInstance: Instance;
  remoteInstance: Instance;
};

/** Where an instance's secret belongs: sealed for one place, it opens at no other. */
export function secretContext(instanceName: string): string {
  return `instance:${instanceName}`;
}

/** Opens both sides of a connection. Sends nothing. Throws `SyncError` when credentials or settings cannot be read. */
export function openSides(
  connection: ConnectionWithInstances,
  network: Dispatcher,
  options: { writeTimeoutMs: number },
): Record<Side, OpenSide> {
  const open = (instance: Instance, settings: unknown): OpenSide => {
    const connector = connectorFor(instance.kind);
    const http = openHttp(network, {
      instance: instance.name,
      baseUrl: instance.baseUrl,
      authorization: connector.authorization(openSecret(instance)),
      refuses: connector.refuses,
      writeTimeoutMs: options.writeTimeoutMs,
    });
    return connector.open(connector.settings.parse(settings), http, instance.baseUrl);
  };
  return {
    local: open(connection.localInstance, connection.localSettings),
    remote: open(connection.remoteInstance, connection.remoteSettings),
  };
}

function openSecret(instance: Instance): string {
  try {
    return unseal(nodeKey(), instance.secret, secretContext(instance.name));
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new SyncError(
      "credentials_unreadable",
      `the credentials of ${instance.name} were sealed with another key than this node's: enter them again`,
      { cause },
    );
  }
}
