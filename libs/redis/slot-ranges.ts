// What CLUSTER SLOTS says: https://redis.io/docs/latest/commands/cluster-slots/

/** `address` is the master's, as a URL has it; `to` is included. */
export type SlotRange = { from: number; to: number; address: string };

type Reply = [
  from: number,
  to: number,
  ...nodes: [host: string | null, port: number, ...unknown[]][],
][];

/** `askedHost` stands for that of a node which does not know its own address. */
export function readSlots(reply: Reply, askedHost: string): SlotRange[] {
  return reply.flatMap(([from, to, master]) => {
    if (!master) return [];
    const [host, port] = master;
    return [{ from, to, address: `${hostOf(host || askedHost)}:${port}` }];
  });
}

/** An IPv6 address stands in brackets. */
function hostOf(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
