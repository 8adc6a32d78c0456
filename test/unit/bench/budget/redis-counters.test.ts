import { expect, test } from "vitest";
import { countedBetween, parseRedisInfo } from "#test/bench/budget/redis-counters.ts";

const info = [
  "# Stats",
  "total_net_input_bytes:1000",
  "total_net_output_bytes:400",
  "# Commandstats",
  "cmdstat_evalsha:calls=10,usec=900,usec_per_call=90.00,rejected_calls=0,failed_calls=0",
  "cmdstat_config|get:calls=2,usec=7,usec_per_call=3.50,rejected_calls=0,failed_calls=0",
].join("\r\n");

test("Redis' answer becomes calls and time by command, and bytes", () => {
  expect(parseRedisInfo(info)).toStrictEqual({
    commands: { evalsha: { calls: 10, us: 900 }, "config|get": { calls: 2, us: 7 } },
    bytesIn: 1_000,
    bytesOut: 400,
  });
});

test("what was counted meanwhile has new commands, and none that nobody called", () => {
  const before = parseRedisInfo(info);
  const after = {
    commands: { ...before.commands, evalsha: { calls: 15, us: 1_000 }, mget: { calls: 1, us: 4 } },
    bytesIn: 1_500,
    bytesOut: 401,
  };
  expect(countedBetween(before, after)).toStrictEqual({
    commands: { evalsha: { calls: 5, us: 100 }, mget: { calls: 1, us: 4 } },
    bytesIn: 500,
    bytesOut: 1,
  });
});
