import { expect, it } from "vitest";
import { BATCH_COUNT_MAX, messageIdsOf, newBatchId } from "#libs/dialects/batch-ids.ts";

/** RFC 9562: version 8, the variant of all UUIDs. */
const UUID_V8 = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

it.each([1, 2, 255, 256, BATCH_COUNT_MAX])("tells from a batch's id its %d messages", (count) => {
  const batchId = newBatchId(count);
  const messageIds = messageIdsOf(batchId)!;
  expect(new Set([batchId, ...messageIds]).size).toBe(count + 1);
  expect(messageIds).toHaveLength(count);
  for (const id of [batchId, ...messageIds]) expect(id).toMatch(UUID_V8);
});

it("tells the same ids again", () => {
  const batchId = newBatchId(3);
  expect(messageIdsOf(batchId)).toEqual(messageIdsOf(batchId));
});

it("makes another id for every batch", () => {
  const ids = Array.from({ length: 1_000 }, () => newBatchId(7));
  expect(new Set(ids).size).toBe(1_000);
  expect(new Set(ids.flatMap((id) => messageIdsOf(id)!)).size).toBe(7_000);
});

it("keeps the ids of batches that were answered long ago", () => {
  expect(messageIdsOf("0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b0002")).toEqual([
    "9a5b2c27-c8b3-8e81-a542-252e58726977",
    "ea050c27-d155-81bb-8dfe-c1eff84b8bc1",
  ]);
});

it.each([
  ["nothing", ""],
  ["a message's id of version 4", "0a1b2c3d-4e5f-4a6b-9c7d-8e9f0a1b0002"],
  ["a batch of nothing", newBatchId(0)],
  ["more messages than a batch has", "0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2711"],
  ["an id with something after it", `${newBatchId(1)}0`],
  ["capitals", newBatchId(0xfff).toUpperCase()],
])("knows no messages of %s", (_, batchId) => {
  expect(messageIdsOf(batchId)).toBeUndefined();
});
