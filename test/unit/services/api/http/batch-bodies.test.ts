import { expect, it } from "vitest";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { parseBatchBody } from "#services/api/http/batch-bodies.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

const read = (text: string) => parseBatchBody(Buffer.from(text));
const readLists = (count: number) =>
  read(`{${`"messages":[],`.repeat(count)}"messages":[1]}`).catch(() => undefined);

it.each([
  `{"a":1,"messages":[{"b":"]},{\\"["},null,[1,[2]],"x,y",{}],"c":{"messages":[1]}}`,
  `{"messages":[]}`,
  `{"messages":[ ],"c":[1,2]}`,
  `{"messages":{"0":1,"messages":[1,2]}}`,
  `{"messages":7}`,
  `{"a":{"messages":[1,2]}}`,
  `{"messages" : [ 1 , 2 ] }`,
  `[{"messages":[1]}]`,
  `{"messages":[1],"a":[2],"messages":[3,4]}`,
  `{"messages":[1],"messages":[ ]}`,
  `{"messages":[1],"messages":7}`,
  `{"messages":7,"messages":[1]}`,
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
  `{"messages":[1],"messages":[2`,
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

it("cuts a body of many lists of that name in time that grows as the body does", async () => {
  expect(await growthOf(readLists, 4_500)).toBeLessThan(LINEAR_GROWTH_MAX);
  expect(await readLists(4_500)).toEqual({ messages: [1] });
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
