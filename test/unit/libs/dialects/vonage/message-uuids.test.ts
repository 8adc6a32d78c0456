import { expect, it } from "vitest";
import {
  messageIdOf,
  newMessageUuid,
  uuidAt,
  workflowIdOf,
} from "#libs/dialects/vonage/message-uuids.ts";

it("finds a message by the UUID of any message of its failover", () => {
  const messageId = newMessageUuid();
  const uuids = [0, 1, 9].map((index) => uuidAt(messageId, index));
  expect(new Set([...uuids, workflowIdOf(messageId)]).size).toBe(4);
  expect(uuids[0]).toBe(messageId);
  expect(uuids.map((uuid) => messageIdOf(uuid.toUpperCase()))).toEqual([
    messageId,
    messageId,
    messageId,
  ]);
});

it("tells another API's message by the id that it has, whose last digits are its own", () => {
  const id = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
  expect([uuidAt(id, 0), uuidAt(id, 1), workflowIdOf(id)]).toEqual([id, id, id]);
});

it("takes no other id for one", () => {
  expect(messageIdOf("m-1")).toBe("m-1");
});
