// The terminal tool as a user has it, against the real product.
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { createApiClient } from "#deploy/terminal/api-client.ts";
import { applyChanges } from "#deploy/terminal/settings/apply-changes.ts";
import { diffSettings } from "#deploy/terminal/settings/diff-settings.ts";
import { loadSettings } from "#deploy/terminal/settings/load-settings.ts";
import { parseSettingsFile } from "#deploy/terminal/settings/parse-file.ts";
import { planChanges } from "#deploy/terminal/settings/plan-changes.ts";
import { ledByIds } from "#test/support/led-by-ids.ts";
import { pages, runPage } from "#test/support/pages.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { sendStories } from "#test/support/sent-stories.ts";
import { example } from "#test/support/stories.ts";
import { fallthrough } from "#test/support/terminal.ts";

/** 60 s become 0.6 s. */
const TIME_SCALE = 0.01;
/** Each command starts a process or two. */
const PATIENCE = { timeout: 120_000 };

const opened = new AsyncDisposableStack();
let product: Product;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fallthrough-terminal-"));
  opened.defer(() => rm(folder, { recursive: true }));
  // As `npm start` has it: a page's receiver is on this machine.
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: TIME_SCALE, env }));
});
afterAll(() => opened.disposeAsync());

// Alone: others change the account's settings for a while.
it("exports settings that differ in nothing from what they were taken from", PATIENCE, async () => {
  const exported = await run("settings", "export");
  await writeFile(join(folder, "demo.yaml"), exported.stdout);
  expect(exported.stdout).not.toMatch(/hash|revision|changedAt/);
  expect(await run("settings", "diff", "demo.yaml", "--prune")).toMatchObject({
    exitCode: 0,
    stdout: "Nothing differs.\n",
  });
});

it.concurrent("tells the story of a message until it ends", PATIENCE, async () => {
  // A wait in which WhatsApp is called for certain, however much runs beside it.
  const whatsapp = { channel: "WhatsApp", fallbackAfter: 900, successStatus: "Read" };
  const body = { channels: [whatsapp, { channel: "SMS" }], user: { msisdn: "+6599990200" } };
  const messageId = await product.send({ ...body, type: "text", content: { text: "Hello" } });
  const watched = await run("story", messageId, "--watch");
  expect(watched).toMatchObject({ exitCode: 0, stderr: "" });
  expect(watched.stdout).toMatch(/ s {2}WhatsApp {2}WhatsApp was left: not read within 9 s/);
  // A report of the call may come after the carrier's own receipt, and is told below the success.
  expect(watched.stdout).toMatch(/ s {2}SMS {7}Succeeded by SMS\.\n/);
  expect(watched.stdout).toMatch(/\n\nsucceeded · after \d/);
  const asJson = await run("story", messageId, "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject({ messageId, outcome: "SUCCEEDED" });
});

it.concurrent(
  "tells the story by whatever id a vendor's client was answered with",
  PATIENCE,
  async () => {
    for (const { vendor, messageId, led } of await ledByIds(product.places)) {
      expect({ vendor, led }).toEqual({ vendor, led: led.map(() => messageId) });
      expect(led.length).toBeGreaterThan(0);
    }
  },
);

it.concurrent("sends the demonstration for an account of its own", PATIENCE, async () => {
  const sent = await sendStories(product.places);
  expect(sent).toEqual({ accountId: "stories", messageCount: 7 });
});

it.concurrent("sends a message and names the command that tells its story", PATIENCE, async () => {
  const steps = ["--step", "whatsapp:60:read", "--step", "sms"];
  const sent = await run("send", "--to", "+6599990250", "--text", "Hello", ...steps);
  expect(sent).toMatchObject({ exitCode: 0, stderr: "" });
  const [, ...next] = /Next {6}(npx fallthrough) (story) (\S+) (--watch)\n$/
    .exec(sent.stdout)!
    .slice(1);
  expect((await run(...next)).stdout).toContain("Succeeded by SMS.");
  await writeFile(
    join(folder, "message.yaml"),
    "content: { text: Hello }\nsteps: [channel: sms]\n",
  );
  const file = await run("send", "--file", "message.yaml", "--to", "+6599990250", "--json");
  expect(JSON.parse(file.stdout)).toMatchObject({ messageId: expect.any(String), warnings: [] });
  const refused = await run("send", "--to", "12", "--text", "Hello", "--step", "sms");
  expect(refused).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("/recipient/msisdn"),
  });
});

it.concurrent(
  "shows the account's messages as they move until it is interrupted",
  PATIENCE,
  async () => {
    const messageId = await product.send(example("three-channels", "+6599990250"));
    const ownIn = (stdout: string) => {
      const lines = stdout.split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line)).filter((each) => each.messageId === messageId);
    };
    const interruptOnce = (stdout: string) => ownIn(stdout).at(-1)?.outcome !== undefined;
    const watched = await fallthrough({ ...place(), interruptOnce }, "watch", "--json");
    expect(watched).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ownIn(watched.stdout).at(-1)).toMatchObject({ outcome: "SUCCEEDED", channel: "sms" });
  },
);

it.concurrent(
  "rehearses a flow in every way, or in the one that is asked for",
  PATIENCE,
  async () => {
    const all = await run("rehearse", "--flow", "whatsapp-then-sms");
    expect(all.stdout).toMatch(/^\d+ ways through it/);
    const flow = "steps: [{ channel: whatsapp, waitSeconds: 60 }, { channel: sms }]\n";
    await writeFile(join(folder, "flow.yaml"), flow);
    const assumed = ["--channel", "whatsapp=silent", "--channel", "sms=delivered"];
    const one = await run("rehearse", "flow.yaml", ...assumed);
    expect(one.stdout).toContain("WhatsApp was left: not delivered within 60 s");
    expect(one.stdout).toContain("succeeded · after 62 s");
    const wrong = await run("rehearse", "flow.yaml", "--channel", "whatsapp=asleep");
    expect(wrong).toMatchObject({ exitCode: expect.any(Number), stdout: "" });
    expect(wrong.stderr).toContain("silent");
  },
);

it.concurrent(
  "rehearses a vendor's request as it is sent, and tells in the vendor's code what is wrong",
  PATIENCE,
  async () => {
    const request = JSON.parse(await readFile("test/fixtures/alibaba-send.json", "utf8"));
    await writeFile(join(folder, "request.json"), JSON.stringify(request));
    const assumed = ["--channel", "whatsapp=silent", "--channel", "sms=delivered"];
    const told = await run("rehearse", "--dialect", "alibaba", "request.json", ...assumed);
    expect(told).toMatchObject({ exitCode: 0, stderr: "" });
    expect(told.stdout).toContain("succeeded · after 62 s");
    const wrong = { ...request, FallBackDuration: 30 };
    await writeFile(join(folder, "wrong.json"), JSON.stringify(wrong));
    const refused = await run("rehearse", "--dialect", "alibaba", "wrong.json");
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("(vendor-refusal)");
    expect(refused.stderr).toContain("HTTP 400, InvalidParameter.FallBackDuration: ");
  },
);

it.concurrent(
  "applies a settings file in the vendors' words, which then differs in nothing",
  PATIENCE,
  async () => {
    const accountId = `words-${randomUUID().slice(0, 8)}`;
    const text = await readFile("test/fixtures/vendor-words.yaml", "utf8");
    await writeFile(join(folder, "words.yaml"), text.replace("ACCOUNT", accountId));
    const applied = await run("settings", "apply", "words.yaml", "--yes");
    expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await run("settings", "diff", "words.yaml", "--prune")).toMatchObject({
      exitCode: 0,
      stdout: "Nothing differs.\n",
    });
    const flows = `${product.places.apiUrl}/v1/${accountId}/workflow/v1/flows/kal`;
    const shown = await fetch(flows, { headers: { "api-key": "demo-admin-key" } });
    expect(await shown.json()).toMatchObject({
      title: "Orders",
      status: "PUBLISHED",
      firstChannel: { channel: "whatsapp", from: "SHOP", template: "order.en", delay: 60 },
    });
  },
);

it.concurrent.each(pages)(
  "runs what $page says, as it stands",
  { timeout: 3 * PATIENCE.timeout },
  async ({ page, printed }) => {
    const told = await runPage(page, product.places.apiUrl);
    expect(told).toEqual(printed.map((each) => expect.stringMatching(each)));
  },
);

it.concurrent("makes, lists and revokes a key", PATIENCE, async () => {
  const made = await run("keys", "create", "--scope", "send", "--scope", "read", "--json");
  const { id, key, scopes } = JSON.parse(made.stdout);
  expect(scopes).toEqual(["send", "read"]);
  const withKey = await run("--key", key, "story", randomUUID());
  expect(withKey).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("(not-found)") });
  expect((await run("keys", "revoke", id)).stdout).toMatch(/revoked {2}send,read/);
  expect((await run("keys", "list")).stdout).toMatch(new RegExp(`^${id} {2}revoked`, "m"));
});

it.concurrent("refuses a file that is no public key", PATIENCE, async () => {
  await writeFile(
    join(folder, "no.key"),
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
  );
  const refused = await run("keys", "create", "--scope", "send", "--public-key", "no.key");
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toContain("publicKey must be a public key in PEM");
});

it.concurrent(
  "applies an edited file, and applying it again changes nothing",
  PATIENCE,
  async () => {
    const file = await shopFile(`shop-${randomUUID().slice(0, 8)}`);
    const before = await run("settings", "diff", file);
    expect(before).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("+ flows/otp") });
    expect(await run("settings", "apply", file, "--dry-run")).toMatchObject({ exitCode: 0 });
    const unasked = await run("settings", "apply", file);
    expect(unasked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("Say --yes.") });
    expect((await run("settings", "diff", file)).stdout).toBe(before.stdout);
    const applied = await run("settings", "apply", file, "--yes");
    expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
    const again = await run("settings", "apply", file, "--yes", "--json");
    expect(JSON.parse(again.stdout)).toMatchObject({ changes: [], applied: [] });
    // Another sender in every place that names it, which no single change could do.
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(
      join(folder, file),
      text.replaceAll("SENDERA", "SENDERB").replaceAll("otp", "pin"),
    );
    const moved = await run("settings", "apply", file, "--yes", "--prune");
    expect(moved).toMatchObject({ exitCode: 0, stderr: "" });
    expect(moved.stdout).toContain("channels/sms changed");
    expect(moved.stdout).toContain("flows/otp deleted");
    expect(await run("settings", "diff", file, "--prune")).toMatchObject({ exitCode: 0 });
  },
);

it.concurrent(
  "shows the signing secret of a webhook that it makes, this once",
  PATIENCE,
  async () => {
    const file = await shopFile(`shop-${randomUUID().slice(0, 8)}`);
    const text = await readFile(join(folder, file), "utf8");
    await writeFile(
      join(folder, file),
      `${text}webhooks:\n  main: { url: "https://shop.example/ft" }\n`,
    );
    const applied = await run("settings", "apply", file, "--yes", "--json");
    const webhook = {
      collection: "webhooks",
      name: "main",
      secret: expect.stringMatching(/^whsec_/),
    };
    expect(JSON.parse(applied.stdout).applied).toContainEqual({ action: "add", ...webhook });
    expect(await run("settings", "diff", file)).toMatchObject({ exitCode: 0, stderr: "" });
  },
);

it.concurrent(
  "changes nothing over what somebody changed after the preview",
  PATIENCE,
  async () => {
    const accountId = `shop-${randomUUID().slice(0, 8)}`;
    const file = await shopFile(accountId);
    expect(await run("settings", "apply", file, "--yes")).toMatchObject({ exitCode: 0 });
    const edited = (await readFile(join(folder, file), "utf8")).replace("300", "200");
    const api = createApiClient({
      url: product.places.apiUrl,
      key: "demo-admin-key",
      isForPrint: false,
    });
    const wanted = parseSettingsFile(edited, file);
    const changes = diffSettings(wanted, await loadSettings(api, accountId), { prune: false });
    await writeFile(join(folder, file), edited.replace("200", "100"));
    expect(await run("settings", "apply", file, "--yes")).toMatchObject({ exitCode: 0 });
    const late = applyChanges(planChanges(changes), { api, accountId, onDone: () => undefined });
    await expect(late).rejects.toMatchObject({
      code: "revision-mismatch",
      message: expect.stringContaining(`Somebody changed account/${accountId} after the preview`),
    });
    expect(await run("settings", "diff", file)).toMatchObject({ exitCode: 0 });
  },
);

it.concurrent(
  "says what to do when nothing answers, when a file is wrong, when a key is",
  PATIENCE,
  async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const silent = await run("--url", url, "story", "x");
    expect(silent).toMatchObject({ exitCode: 3, stdout: "" });
    expect(silent.stderr).toBe(
      `Nothing answers at ${url}. Start it with \`npm start\`, or set FALLTHROUGH_URL.\n`,
    );
    await writeFile(join(folder, "bad.yaml"), "account:\n  id: demo\nflows:\n  a: {}\n");
    const bad = await run("settings", "apply", "bad.yaml");
    expect(bad).toMatchObject({ exitCode: 2, stderr: "bad.yaml:4:3: flows.a lacks steps.\n" });
    const stranger = await run("--key", "nobody", "story", "x", "--json");
    expect(stranger.exitCode).toBe(1);
    expect(JSON.parse(stranger.stderr)).toMatchObject({ error: { code: "unauthorized" } });
    expect(await run("settings", "diff", "bad.yaml", "--nonsense")).toMatchObject({ exitCode: 2 });
  },
);

function run(...args: string[]) {
  return fallthrough(place(), ...args);
}

function place() {
  return { cwd: folder, env: { FALLTHROUGH_URL: product.places.apiUrl } };
}

/** A file of an account of its own; its name. */
async function shopFile(accountId: string): Promise<string> {
  const file = `${accountId}.yaml`;
  const text = `
account: { id: ${accountId}, name: Shop, defaultWaitSeconds: 300, defaultFlow: otp }
channels:
  sms: { senders: [SENDERA] }
fallback-rules:
  R_1: { name: By SMS, sendId: SENDERA }
fallback-policies:
  S_1: { name: Always, rule: R_1 }
flows:
  otp:
    steps: [{ channel: sms, sender: SENDERA }]
`;
  await writeFile(join(folder, file), text);
  return file;
}
