import type { Dispatcher } from "undici";
import { z } from "zod";
import { nodeKey, SealError, unseal } from "@/lib/access/seal";
import type { OpenInstance, OpenSide, Quiet, Wanted } from "@/lib/connectors/connector";
import { openHttp } from "@/lib/connectors/http";
import type { Pace } from "@/lib/connectors/pace";
import { connectorFor } from "@/lib/connectors/registry";
import type { Connection, Instance } from "@/lib/db/generated/client";
import { SyncError } from "@/lib/errors";
import { mappingSchema } from "@/lib/sync/mapping-schema";
import type { Side } from "@/lib/sync/plan-types";

export type ConnectionWithInstances = Connection & {
  localInstance: Instance;
  remoteInstance: Instance;
};

/** What opening both sides needs of a connection: one that is kept, or one that is still being made. */
export type Openable = Pick<
  ConnectionWithInstances,
  "localInstance" | "remoteInstance" | "localSettings" | "remoteSettings" | "mapping"
>;

/** Opens an instance of which nothing is kept yet. Sends nothing. */
export function openInstance(
  { kind, name, baseUrl, token }: { kind: string; name: string; baseUrl: string; token: string },
  network: Dispatcher,
): OpenInstance {
  const connector = connectorFor(kind);
  const http = openHttp(network, {
    instance: name,
    baseUrl,
    authorization: connector.authorization(token),
    refuses: connector.refuses,
    writeTimeoutMs: 1,
  });
  return connector.look(http, baseUrl);
}

/** Opens an instance that is kept. Throws `SyncError` when its credentials cannot be read. */
export function openKnownInstance(instance: Instance, network: Dispatcher): OpenInstance {
  return openInstance({ ...instance, token: openSecret(instance) }, network);
}

/** Where an instance's secret belongs: sealed for one place, it opens at no other. */
export function secretContext(instanceName: string): string {
  return `instance:${instanceName}`;
}

/** Opens both sides of a connection. Sends nothing. Throws `SyncError` when credentials or settings cannot be read. */
export function openSides(
  connection: Openable,
  network: Dispatcher,
  options: {
    writeTimeoutMs: number;
    paceOf?: ((instance: { id: number; name: string }) => Pace) | undefined;
    /** For a side whose updates are to cause no mails. */
    quietOf?: ((side: Side) => Quiet | undefined) | undefined;
  },
): Record<Side, OpenSide> {
  const { fields, constants, ...mapping } = mappingSchema.parse(connection.mapping);
  const parts = (
    [
      ["attachments", mapping.attachments],
      ["worklogs", mapping.worklogs],
      ["links", mapping.links],
      ["parent", mapping.subtasks],
    ] as const
  ).flatMap(([part, direction]) => (direction === "none" ? [] : [part]));
  const wantedAt = (side: Side): Wanted[] => [
    ...fields.map((row) => ({ id: row[side], kind: row.kind })),
    ...constants
      .filter((each) => each.side === side)
      .map(({ field, kind }) => ({ id: field, kind })),
  ];
  const open = (side: Side): OpenSide => {
    const instance = connection[`${side}Instance`];
    // What was chosen for an instance holds for each side there.
    const settings = {
      ...(connection[`${side}Settings`] as object),
      ...(instance.settings as object),
    };
    const connector = connectorFor(instance.kind);
    const parsed = connector.settings.safeParse(settings);
    if (!parsed.success)
      throw new SyncError(
        "unexpected_answer",
        `the connection's settings for ${instance.name} cannot be used: ${z.prettifyError(parsed.error)}`,
      );
    const http = openHttp(network, {
      instance: instance.name,
      baseUrl: instance.baseUrl,
      authorization: connector.authorization(openSecret(instance)),
      refuses: connector.refuses,
      writeTimeoutMs: options.writeTimeoutMs,
      pace: options.paceOf?.(instance),
    });
    return connector.open(
      parsed.data,
      http,
      instance.baseUrl,
      wantedAt(side),
      parts,
      options.quietOf?.(side),
    );
  };
  return {
    local: open("local"),
    remote: open("remote"),
  };
}

function openSecret(instance: Instance): string {
  try {
    return unseal(nodeKey(), instance.secret, secretContext(instance.name));
  } catch (cause) {
    if (!(cause instanceof SealError)) throw cause;
    throw new SyncError(
      "credentials_unreadable",
      `the access token of ${instance.name} cannot be opened: ${cause.message}`,
      { cause },
    );
  }
}
