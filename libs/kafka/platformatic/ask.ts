// The protocol's own requests, as @platformatic/kafka writes and reads them.
import {
  type API,
  type Base,
  type Broker,
  type Connection,
  kGetApi,
  kGetBootstrapConnection,
} from "@platformatic/kafka";

/** Any broker where none is named: such as whoever answers first. */
type Asked = { client: Base; broker?: Broker };

/** Asks by the newest version of a request that both sides know. Rejects with the client's errors. */
export async function ask<Answer>(
  { client, broker }: Asked,
  request: string,
  ...args: unknown[]
): Promise<Answer> {
  const api = await apiOf<Answer>(client, request);
  const connection = await (broker ? client.connections.get(broker) : anyConnection(client));
  return api.async(connection, ...args);
}

function apiOf<Answer>(client: Base, request: string): Promise<API<unknown[], Answer>> {
  return new Promise((resolve, reject) => {
    client[kGetApi]<unknown[], Answer>(request, (error, api) => {
      if (api) resolve(api);
      else reject(error ?? new Error(`No broker knows ${request}.`));
    });
  });
}

function anyConnection(client: Base): Promise<Connection> {
  return new Promise((resolve, reject) => {
    client[kGetBootstrapConnection]((error, connection) => {
      if (connection) resolve(connection);
      else reject(error ?? new Error("No broker is reached."));
    });
  });
}
