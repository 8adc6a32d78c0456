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

it("takes no other id for one", () => {
  expect(messageIdOf("m-1")).toBe("m-1");
});
