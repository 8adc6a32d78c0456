// What the demonstration does with answers other than it wishes, told by a server of its own.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import { ask } from "#deploy/demo/ask.ts";
import { play } from "#deploy/demo/play.ts";
import { stories } from "#deploy/demo/stories.ts";

let stop = async () => undefined as unknown;
afterEach(() => stop());

it("asks again when Retry-After says so", async () => {
  const { url, askedCount } = await serve((response, count) => {
    if (count === 1) response.writeHead(429, { "retry-after": "1" }).end("{}");
    else response.end('{"umid":"4711"}');
  });
  expect(await ask(url, {})).toEqual({ umid: "4711" });
  expect(askedCount()).toBe(2);
});

it.each([
  ["a refusal", 400, {}, '{"code":3038,"message":"It has no such template."}', "It has no such"],
  ["a day's cap", 429, { "retry-after": "3600" }, '{"detail":"Tomorrow again."}', "Tomorrow again"],
  ["what is no JSON", 502, {}, "\u001b[2Jgone", "502: \\u001b[2Jgone"],
])("tells %s in one sentence, at once", async (_what, status, headers, body, words) => {
  const { url, askedCount } = await serve((response) => {
    response.writeHead(status, headers).end(body);
  });
  await expect(ask(url, {})).rejects.toMatchObject({
    name: "Fault",
    message: expect.stringContaining(words),
  });
  expect(askedCount()).toBe(1);
});

it("says so where nobody answers", async () => {
  const { url } = await serve(() => undefined);
  await stop();
  const message = `${new URL(url).origin} does not answer.`;
  await expect(ask(url, {})).rejects.toMatchObject({ name: "Fault", message });
});

it("plays every story to its summary when the product refuses them", async () => {
  const { url } = await serve((response) => {
    response.writeHead(400).end('{"message":"It has no such template."}');
  });
  const product = { api: new URL(url).origin, carrierSimulator: url, apiKey: "key" };
  const lines = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const faultCount = await play({ product, accountId: "stories" });
  const told = lines.mock.calls.map(([line]) => String(line));
  lines.mockRestore();
  expect(faultCount).toBe(stories.length);
  expect(told.filter((line) => line.includes("template."))).toHaveLength(2 * stories.length);
});

/** `answer` is told how many requests there have been. */
async function serve(answer: (response: ServerResponse, count: number) => void) {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    answer(response, count);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stop = async () => {
    server.close();
    server.closeAllConnections();
  };
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}/x`, askedCount: () => count };
}
