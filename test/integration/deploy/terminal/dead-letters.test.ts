// Dead letters at a terminal, by what the tool asks of the API: slips of an operator put nothing back unseen.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listeningPort } from "#test/support/redis-server.ts";
import { fallthroughHere } from "#test/support/terminal.ts";

const BIN = join(import.meta.dirname, "../../../../deploy/terminal/bin.mjs");
const PATIENCE = { timeout: 60_000 };

const letter = {
  id: "timer-ticks-dlt.0.7",
  topic: "timer-ticks",
  at: "2026-11-29T20:15:00.000Z",
  reason: "It is odd.",
  state: "open",
  replayCount: 0,
  advice: "Look.",
  headers: {},
};
const away = { title: "Not now", detail: "Kafka is away.", code: "unavailable" };

let server: Server;
let url: string;
/** The ids of each call that settles some. */
let settled: string[][];
/** As many calls are answered; the next ones find Kafka away. */
let callCountMax: number;
/** What becomes of each letter. */
let isDone: boolean;

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((given) => {
      const { status, body } = answerTo(request.url!, given);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${listeningPort(server)}`;
});
afterAll(() => server.close());
beforeEach(() => {
  [settled, callCountMax, isDone] = [[], Infinity, true];
});

function answerTo(path: string, given: string) {
  if (path.includes("?")) return { status: 200, body: { items: [letter], nextCursor: "more" } };
  if (!/(replay|drop)$/.test(path)) return { status: 200, body: letter };
  if (settled.length >= callCountMax) return { status: 503, body: away };
  const { ids }: { ids: string[] } = JSON.parse(given);
  settled.push(ids);
  return { status: 200, body: { items: ids.map((id) => ({ id, done: isDone })) } };
}

const run = (...args: string[]) => fallthroughHere({}, "--url", url, "dead-letters", ...args);
const ids = Array.from({ length: 250 }, (_, index) => `timer-ticks-dlt.0.${index}`);

it.each(["replay", "drop"])(
  "only shows what it would %s with --dry-run, by ids too",
  async (verb) => {
    const { exitCode, stdout } = await run(verb, letter.id, "--dry-run");
    expect({ exitCode, settled }).toEqual({ exitCode: 0, settled: [] });
    expect(stdout).toContain(letter.reason);
    expect(stdout).toContain(`1 to ${verb}.`);
    const { items } = JSON.parse((await run(verb, letter.id, "--dry-run", "--json")).stdout);
    expect({ items, settled }).toEqual({ items: [letter], settled: [] });
  },
);

it.each([
  ["--topic", "timer-ticks"],
  ["--state", "all"],
  ["--limit", "1"],
])("passes over neither ids nor filters where both are given: %s", async (...filter) => {
  const ran = await run("replay", letter.id, ...filter, "--yes");
  expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("either by ids or") });
  expect(settled).toEqual([]);
});

it.each([["--state", "all"], ["--limit", "10"], ["--force"]])(
  "is not about everything because of %s",
  async (...words) => {
    expect(await run("replay", ...words, "--yes")).toMatchObject({ exitCode: 2 });
    expect(settled).toEqual([]);
  },
);

it("tells what was done before Kafka was away", async () => {
  callCountMax = 2;
  const ran = await run("replay", ...ids, ...ids);
  expect(settled.flat()).toEqual(ids.slice(0, 200));
  expect(ran).toMatchObject({ exitCode: 1, stdout: "200 of 250 put back.\n" });
  expect(ran.stderr).toContain("Kafka is away.");
});

it("says that there may be more than are shown", async () => {
  expect((await run("list", "--limit", "1")).stdout).toContain("there may be more");
  const chosen = await run("drop", "--topic", "timer-ticks", "--limit", "1", "--yes");
  expect(chosen.stdout).toMatch(/1 to drop\. .*there may be more/);
});

it(
  "goes on with what it changes when its reader has gone, and says how it ended",
  PATIENCE,
  async () => {
    expect(await unread("replay", "--topic", "timer-ticks", "--yes")).toBe(0);
    expect(settled.flat()).toHaveLength(1_000);
    isDone = false;
    expect(await unread("drop", letter.id)).toBe(1);
  },
);

/** The exit code of a process whose standard output nobody reads. */
async function unread(...args: string[]): Promise<number> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [BIN, "dead-letters", ...args], {
    env: { PATH, FALLTHROUGH_URL: url },
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.destroy();
  const [exitCode] = await once(child, "exit");
  return exitCode;
}
