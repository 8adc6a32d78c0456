// What Redis counts by itself: calls and time of each command, and what goes over its connections.

export type RedisCounters = {
  commands: Readonly<Record<string, { calls: number; us: number }>>;
  /** Bytes that clients sent to it, and that it sent to them. */
  bytesIn: number;
  bytesOut: number;
};

/** Reads the answer of `INFO commandstats stats`. */
export function parseRedisInfo(info: string): RedisCounters {
  const commands = [...info.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)];
  const total = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1] ?? 0);
  return {
    commands: Object.fromEntries(
      commands.map(([, name, calls, us]) => [name, { calls: Number(calls), us: Number(us) }]),
    ),
    bytesIn: total("total_net_input_bytes"),
    bytesOut: total("total_net_output_bytes"),
  };
}

/** What was counted from `before` to `after`; a command that was not called is left out. */
export function countedBetween(before: RedisCounters, after: RedisCounters): RedisCounters {
  const commands = Object.entries(after.commands).map(([name, { calls, us }]) => {
    const was = before.commands[name] ?? { calls: 0, us: 0 };
    return [name, { calls: calls - was.calls, us: us - was.us }] as const;
  });
  return {
    commands: Object.fromEntries(commands.filter(([, { calls }]) => calls > 0)),
    bytesIn: after.bytesIn - before.bytesIn,
    bytesOut: after.bytesOut - before.bytesOut,
  };
}
