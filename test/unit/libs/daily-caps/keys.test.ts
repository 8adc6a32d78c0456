import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { markOf } from "#libs/daily-caps/keys.ts";

it("remembers a message by more of its id's hash than anybody can search through", () => {
  const mark = Buffer.from(markOf("m-1"), "base64url");
  expect(mark).toHaveLength(16);
  expect(createHash("sha256").update("m-1").digest().subarray(0, 16)).toEqual(mark);
  expect(markOf("m-2")).not.toBe(markOf("m-1"));
});
