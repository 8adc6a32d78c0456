// Whoever leads a group deals out for members of either client: the bytes are those that kafkajs reads and writes.
import { createRequire } from "node:module";
import { expect, it } from "vitest";
import { dealOut, protocolsOf, readShare } from "#libs/kafka/platformatic/deal-out.ts";

const require = createRequire(import.meta.url);
const { MemberAssignment, MemberMetadata } = require("kafkajs/src/consumer/assignerProtocol");
const counts = new Map([
  ["a", 3],
  ["b", 2],
]);

it("gives each partition to the next member in turn, in the order of their ids", () => {
  const dealt = dealOut(["y", "x"], counts);
  expect(dealt.map(({ memberId, assignment }) => [memberId, readShare(assignment)])).toEqual([
    ["x", { a: [0, 2], b: [1] }],
    ["y", { a: [1], b: [0] }],
  ]);
});

it("writes what kafkajs reads, and reads what kafkajs writes", () => {
  const [dealt] = dealOut(["x"], counts);
  const own = { a: [0, 1, 2], b: [0, 1] };
  expect(MemberAssignment.decode(dealt!.assignment).assignment).toEqual(own);
  expect(readShare(MemberAssignment.encode({ version: 0, assignment: own }))).toEqual(own);
  const [protocol] = protocolsOf(["a", "b"]);
  expect(protocol!.metadata).toEqual(MemberMetadata.encode({ version: 0, topics: ["a", "b"] }));
});

it("leaves whoever is one too many without any, whichever client has dealt out", () => {
  const dealt = dealOut(["x", "y", "z"], new Map([["a", 2]]));
  expect(readShare(dealt[2]!.assignment)).toEqual({});
  expect(readShare(Buffer.alloc(0))).toEqual({});
});
