// What stands between us and a registry answers by pages of its own: none of them says anything of a schema.
import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { registryClient } from "#libs/contracts/registry-client.ts";
import { RetriableError } from "#libs/errors.ts";
import { listeningPort } from "#test/support/redis-server.ts";

type Answer = { status?: number; body: unknown };

let opened = new AsyncDisposableStack();
afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

const schema = JSON.stringify({
  type: "record",
  name: "Trial",
  fields: [{ name: "a", type: "string" }],
});

/** A client of a server with an answer for each path, and one for all others. */
async function clientOf(answers: Record<string, Answer>, other: Answer = { body: "" }) {
  const server = createServer(({ url = "" }, response) => {
    const { status = 200, body } = answers[url] ?? other;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    response
      .writeHead(status, { location: "/login", "content-type": "application/json" })
      .end(text);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  opened.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  return registryClient(`http://127.0.0.1:${listeningPort(server)}`);
}

describe("an answer that is no registry's", () => {
  it.each<[string, Answer]>([
    ["a page of a maintenance", { body: "<html>back at noon</html>" }],
    ["a page of a login", { status: 302, body: "" }],
    ["nothing", { body: "" }],
    ["nothing, for good", { status: 204, body: "" }],
    ["null", { body: "null" }],
    ["null, as a fault", { status: 500, body: "null" }],
    ["a list", { body: [] }],
    ["a text", { body: '"schema"' }],
    ["an object of another kind", { body: { status: "UP" } }],
    ["a schema that is none", { body: { schema: 12, id: "12" } }],
    ["a fault with the status of a success", { body: { error_code: 50001, message: "busy" } }],
    ["a path that leads nowhere", { status: 404, body: "default backend - 404" }],
    ["the same as JSON", { status: 404, body: { status: 404, message: "No such route" } }],
    ["the same as null", { status: 404, body: "null" }],
    ["a method that is not let through", { status: 405, body: { message: "not here" } }],
    ["a fault", { status: 503, body: { error_code: 50301, message: "no leader" } }],
    ["too many questions", { status: 429, body: { error_code: 42901, message: "later" } }],
  ])("is waited for: %s", async (_what, answer) => {
    const client = await clientOf({}, answer);
    await expect(client.findSchema(7)).rejects.toThrow(RetriableError);
    await expect(client.findId("trial-value", schema)).rejects.toThrow(RetriableError);
    await expect(client.register("trial-value", schema)).rejects.toThrow(RetriableError);
  });
});

it("believes a registry that it has no such schema", async () => {
  const missing = { status: 404, body: { error_code: 40403, message: "Schema not found" } };
  const client = await clientOf({}, missing);
  expect(await client.findSchema(7)).toBeUndefined();
  expect(await client.findId("trial-value", schema)).toBeUndefined();
});

it("names the login that is refused, whoever refuses it", async () => {
  const client = await clientOf({}, { status: 401, body: "null" });
  await expect(client.findId("trial-value", schema)).rejects.toThrow(ConfigError);
  await expect(client.findSchema(7)).rejects.toThrow(RetriableError);
});

it.each([
  ["is not Avro", { schema: "{}", schemaType: "JSON" }],
  ["is not Avro", { schema: "{}", schemaType: "of tomorrow" }],
  ["cannot be used", { schema: '{"type":"nothing"}' }],
  ["cannot be used", { schema: "{" }],
])("tells of a schema that it %s", async (why, body) => {
  const client = await clientOf({}, { body });
  expect(await client.findSchema(7)).toEqual({ reason: expect.stringContaining(why) });
});

const refersTo = (...subjects: string[]) =>
  subjects.map((subject) => ({ name: subject, subject, version: 1 }));

describe("a schema that refers to others", () => {
  const inner = JSON.stringify({
    type: "record",
    name: "Inner",
    fields: [{ name: "b", type: "Innermost" }],
  });
  const innermost = JSON.stringify({ type: "enum", name: "Innermost", symbols: ["ONE", "TWO"] });
  const outer = JSON.stringify({
    type: "record",
    name: "Outer",
    fields: [
      { name: "a", type: "Inner" },
      { name: "c", type: "Innermost" },
    ],
  });
  const answers = {
    "/schemas/ids/7": { body: { schema: outer, references: refersTo("a/inner", "innermost") } },
    "/subjects/a%2Finner/versions/1": {
      body: { schema: inner, references: refersTo("innermost", "a/inner") },
    },
    "/subjects/innermost/versions/1": { body: { schema: innermost } },
  };

  it("is read with them, each once", async () => {
    const found = await (await clientOf(answers)).findSchema(7);
    const type = found && "type" in found ? found.type : undefined;
    const value = { a: { b: "ONE" }, c: "TWO" };
    expect(type?.fromBuffer(type.toBuffer(value))).toEqual(value);
  });

  it("is not there where one of them is not", async () => {
    const missing = { status: 404, body: { error_code: 40402, message: "Version not found" } };
    const client = await clientOf({ ...answers, "/subjects/innermost/versions/1": missing });
    expect(await client.findSchema(7)).toBeUndefined();
  });
});
