// The terminal tool against a server that answers with what would take over a terminal.
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { listeningPort } from "#test/support/redis-server.ts";
import { fallthrough, fallthroughHere, type Ran } from "#test/support/terminal.ts";

const PATIENCE = { timeout: 120_000 };
/** Clears the screen, names the window, forges a line, turns the direction, and says it in C1. */
const EVIL = "\u001b[2J\u001b]0;x\u0007\r\nfake line\u202etxt\u009b31m\u2028";
const TRACE_OR_CONTROL = /\n\s+at |[^\n\P{Cc}]/u;
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E]/u;

const event = { at: "2026-11-06T00:00:00.000Z", type: EVIL, text: EVIL, channel: EVIL };
const message = {
  messageId: EVIL,
  phase: EVIL,
  outcome: EVIL,
  revision: 2,
  requestedAt: EVIL,
  channel: EVIL,
  contentType: EVIL,
  recipient: { msisdn: EVIL },
  cost: { amount: 1, currency: EVIL },
  story: [event],
};
const key = { id: EVIL, scopes: [EVIL], label: EVIL, createdAt: EVIL, revokedAt: EVIL, key: EVIL };
const rehearsal = {
  behaviours: [{ channel: EVIL, behaviour: EVIL }],
  outcome: EVIL,
  durationMs: 1,
  duplicateRisk: "possible",
  duplicateReason: EVIL,
  story: [{ ...event, afterMs: 1 }],
};
const problem = { title: EVIL, detail: EVIL, code: EVIL };
const letter = {
  id: EVIL,
  topic: EVIL,
  at: EVIL,
  key: EVIL,
  stage: EVIL,
  reason: EVIL,
  state: EVIL,
  replayCount: 1,
  advice: EVIL,
  stack: EVIL,
  source: { partition: EVIL },
  headers: { [EVIL]: EVIL },
  value: { [EVIL]: [EVIL] },
};
const settled = { items: [{ id: EVIL, done: false, why: EVIL }] };
const answers: [RegExp, number, unknown][] = [
  [/refused/, 422, problem],
  [/api-keys.*/, 200, { items: [key], ...key }],
  [/dead-letters\?/, 200, { items: [letter] }],
  [/dead-letters\/(replay|drop)/, 200, settled],
  [/dead-letters\/./, 200, letter],
  [/rehearsals/, 200, { rehearsals: [rehearsal] }],
  [/channels/, 200, { items: [{ id: "sms", revision: 1, senders: [EVIL], channelId: EVIL }] }],
  [/limits/, 200, { id: "limits", revision: 1, senders: { sms: [EVIL] } }],
  [/v1\/connections/, 200, { items: [] }],
  [/accounts\/shop$/, 200, { id: "shop", revision: 1, name: EVIL }],
  [/accounts/, 200, { items: [] }],
  [/messages\?/, 200, { items: [message] }],
  [/messages\/./, 200, message],
  [/messages/, 202, { messageId: EVIL, warnings: [{ code: EVIL, path: EVIL, detail: EVIL }] }],
];

let server: Server;
let folder: string;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fallthrough-printing-"));
  server = createServer((request, response) => {
    const [, status = 404, body = problem] =
      answers.find(([path]) => path.test(request.url!)) ?? [];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${listeningPort(server)}`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

const run = (...args: string[]) => fallthroughHere({}, "--url", url, ...args);
const runProcess = (...args: string[]) =>
  fallthrough({ cwd: folder, env: { FALLTHROUGH_URL: url } }, ...args);

it.each([
  ["story", "m1"],
  ["story", "m1", "--watch"],
  ["watch", "m1"],
  ["story", "refused"],
  ["keys", "list"],
  ["keys", "create", "--scope", "send"],
  ["keys", "revoke", "k1"],
  ["keys", "revoke", "refused"],
  ["send", "--to", "+6599990250", "--text", "x"],
  ["rehearse", "--flow", "f", "--channel", "sms=delivered"],
  ["dead-letters", "list"],
  ["dead-letters", "show", "x"],
  ["dead-letters", "show", "refused"],
  ["dead-letters", "replay", "x"],
  ["dead-letters", "drop", "--topic", "t", "--yes"],
  ["settings", "export", "--account", "shop"],
  ["settings", "export", "--account", "refused"],
])("prints no control character of others: %s %s %s", PATIENCE, async (...args) => {
  for (const form of [[], ["--json"]]) {
    const ran = await run(...args, ...form);
    expect(ran.stdout + ran.stderr).toMatch(/\\u/);
    expect(oddLines(ran)).toEqual([]);
  }
});

it("prints none from a process of its own either", PATIENCE, async () => {
  const runs = [runProcess("story", "m1"), runProcess("story", "refused", "--json")];
  for (const ran of await Promise.all(runs)) {
    expect(ran.stdout + ran.stderr).toMatch(/\\u/);
    expect(oddLines(ran)).toEqual([]);
  }
});

function oddLines({ stdout, stderr }: Ran): string[] {
  const lines = (stdout + stderr).split("\n");
  return lines.filter((line) => CONTROL.test(line) || line.startsWith("fake line"));
}

it("exports settings that say the same when they are read back", PATIENCE, async () => {
  const { stdout } = await run("settings", "export", "--account", "shop");
  expect(parse(stdout).channels.sms.senders).toEqual([EVIL]);
});

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
for (const [name, last] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg", "ih"].map((pair) => pair)) {
  bomb.push(`${name}: &${name} [${Array(9).fill(`*${last}`).join(", ")}]`);
}

it.each([
  ["aliases that multiply", bomb.join("\n"), /cannot be read/],
  ["endless nesting", `account: ${"[".repeat(100_000)}`, /nested too deeply|no YAML/],
  [
    "closed nesting",
    `account: ${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    /nested too deeply|no YAML/,
  ],
  ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x01]), /no text in UTF-8/],
  ["more than can be settings", Buffer.alloc(5_000_000, "a"), /larger than 4 MiB/],
  ["controls in its names", `account: { id: shop }\n"\\e[2J\\u202e": 1`, /is unknown/],
  ["nothing", "", /must be a mapping/],
])(
  "refuses a settings file with %s, with a sentence and 2",
  PATIENCE,
  async (_, content, words) => {
    const file = join(folder, "odd.yaml");
    await writeFile(file, content);
    for (const rest of [["diff"], ["apply", "--yes"]]) {
      const ran = await run("settings", ...rest, file);
      expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(words) });
      expect(ran.stderr).not.toMatch(TRACE_OR_CONTROL);
    }
  },
);

it("refuses one from a process of its own with 2 too", PATIENCE, async () => {
  await writeFile(join(folder, "deep.yaml"), `account: ${"[".repeat(100_000)}`);
  const ran = await runProcess("settings", "apply", "deep.yaml", "--yes");
  expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/deeply|no YAML/) });
  expect(ran.stderr).not.toMatch(TRACE_OR_CONTROL);
});
