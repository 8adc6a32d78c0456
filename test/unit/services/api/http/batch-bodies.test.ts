import { expect, it } from "vitest";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { parseBatchBody } from "#services/api/http/batch-bodies.ts";

const read = (text: string) => parseBatchBody(Buffer.from(text));

it.each([
  `{"a":1,"messages":[{"b":"]},{\\"["},null,[1,[2]],"x,y",{}],"c":{"messages":[1]}}`,
  `{"messages":[]}`,
  `{"messages":[ ],"c":[1,2]}`,
  `{"messages":{"0":1,"messages":[1,2]}}`,
  `{"messages":7}`,
  `{"a":{"messages":[1,2]}}`,
  `{"messages" : [ 1 , 2 ] }`,
  `[{"messages":[1]}]`,
  `{"a":"\\\\","messages":["\\\\",1]}`,
  `null`,
])("reads a body as the parser would: %s", async (text) => {
  expect(await read(text)).toEqual(JSON.parse(text));
});

it.each([
  `{"messages":[1,]}`,
  `{"messages":[,1]}`,
  `{"messages":[1 2]}`,
  `{"messages":[{]}`,
  `{"messages":[1}`,
  `{"messages":[1`,
  `{"messages":["`,
  `{"messages":[1]]}`,
  `{"messages":[{"a":"\u0000"}]}`,
])("refuses a body that is no JSON: %j", async (text) => {
  await expect(read(text)).rejects.toBeInstanceOf(HttpRefusal);
});

it.each([
  ["objects", `{"messages":[${"{},".repeat(5_500_000)}{}]}`],
  ["lists in one message", `{"messages":[[${"[],".repeat(5_500_000)}[]]]}`],
  ["lists beside them", `{"x":[${"[],".repeat(5_500_000)}[]]}`],
])("parses no body of millions of values: %s", async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({ fault: { status: 413 } });
});

it("keeps of too many messages only that they are too many", async () => {
  const body = await read(`{"messages":[${"{}, ".repeat(100_000)}{}]}`);
  expect(body).toEqual({ messages: Array.from({ length: 10_001 }, () => null) });
});

it("lets others have their turn while it reads sixteen MiB", async () => {
  const message = JSON.stringify({ content: { text: "x".repeat(1_400) }, steps: [{}, {}, {}] });
  const reading = read(`{"messages":[${Array.from({ length: 10_000 }, () => message).join()}]}`);
  let turnCount = 0;
  let isRead = false;
  void reading.then(() => (isRead = true));
  while (!isRead) {
    turnCount += 1;
    await new Promise(setImmediate);
  }
  expect(await reading).toMatchObject({ messages: { length: 10_000 } });
  expect(turnCount).toBeGreaterThan(3);
});
