import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { commitsTogether, type Offsets } from "#libs/kafka/kafkajs/commit-together.ts";

/** A member whose requests end as they are told to. */
function member(fault?: Error) {
  const sent: Offsets[] = [];
  const commit = commitsTogether();
  let isAssigned = true;
  const send = async (offsets: Offsets) => {
    sent.push(offsets);
    if (fault) throw fault;
  };
  return {
    sent,
    commit: (topic: string, partition: number, offset: string) =>
      commit({ topic, partition, offset, isAssigned: () => isAssigned, send }),
    dealOut: () => {
      isAssigned = false;
    },
  };
}

it("sends what is committed in one turn in one request, and what comes later in another", async () => {
  const { sent, commit } = member();
  const first = commit("requests", 0, "5");
  await Promise.resolve();
  const others = [commit("requests", 3, "7"), commit("cancels", 0, "9")];
  expect(await Promise.all([first, ...others])).toEqual([true, true, true]);
  expect(await commit("requests", 0, "6")).toBe(true);
  const both = [
    { partition: 0, offset: "5" },
    { partition: 3, offset: "7" },
  ];
  expect(sent).toEqual([
    {
      topics: [
        { topic: "requests", partitions: both },
        { topic: "cancels", partitions: [{ partition: 0, offset: "9" }] },
      ],
    },
    { topics: [{ topic: "requests", partitions: [{ partition: 0, offset: "6" }] }] },
  ]);
});

it("commits nothing of partitions that were dealt out anew in the meantime", async () => {
  const { sent, commit, dealOut } = member();
  const committed = [commit("requests", 0, "5"), commit("requests", 1, "5")];
  dealOut();
  expect(await Promise.all(committed)).toEqual([false, false]);
  expect(sent).toEqual([]);
});

it("tells all of a request what became of it", async () => {
  const rebalance = Object.assign(new Error("rebalance"), { type: "ILLEGAL_GENERATION" });
  const past = member(rebalance);
  const over = [past.commit("requests", 0, "5"), past.commit("requests", 1, "5")];
  expect(await Promise.all(over)).toEqual([false, false]);
  const away = member(new Error("connection closed"));
  const unknown = [away.commit("requests", 0, "5"), away.commit("requests", 1, "5")];
  for (const one of await Promise.allSettled(unknown)) {
    expect(one).toMatchObject({ status: "rejected", reason: expect.any(RetriableError) });
  }
});
