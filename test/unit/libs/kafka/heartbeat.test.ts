import { expect, it } from "vitest";
import { whileBeating } from "#libs/kafka/kafkajs/heartbeat.ts";

const rebalance = Object.assign(new Error("rebalance"), { type: "REBALANCE_IN_PROGRESS" });

/** Work that takes a number of beats. */
function work(beatCount: number) {
  const enough = Promise.withResolvers<void>();
  let count = 0;
  return {
    count: () => count,
    enough: enough.promise,
    beat(fault?: Error) {
      count += 1;
      if (count === beatCount) enough.resolve();
      return fault ? Promise.reject(fault) : Promise.resolve();
    },
  };
}

it("beats for as long as the work takes, and no longer", async () => {
  const beats = work(3);
  await whileBeating(
    () => beats.beat(),
    () => beats.enough,
  );
  const count = beats.count();
  expect(count).toBe(3);
  await new Promise((resolve) => setImmediate(resolve));
  expect(beats.count()).toBe(count);
});

it("tells the work of a rebalance, and keeps beating meanwhile", async () => {
  const beats = work(3);
  const told: boolean[] = [];
  await whileBeating(
    () => beats.beat(rebalance),
    async (isRebalancing) => {
      told.push(isRebalancing());
      await beats.enough;
      told.push(isRebalancing());
    },
  );
  expect(told).toEqual([false, true]);
});

it("lets the work go on when a beat fails otherwise", async () => {
  const beats = work(2);
  let told = true;
  await whileBeating(
    () => beats.beat(new Error("connection closed")),
    async (isRebalancing) => {
      await beats.enough;
      told = isRebalancing();
    },
  );
  expect(told).toBe(false);
});

it("passes on what the work throws", async () => {
  const failing = whileBeating(
    () => Promise.resolve(),
    () => Promise.reject(new TypeError("a bug")),
  );
  await expect(failing).rejects.toThrow("a bug");
});
