// What carriers are asked for beside sending: Meta's templates, Infobip's reports; and people whom they know
// by an id alone.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import {
  BUSINESS_ACCOUNT_ID,
  type CloudApi,
  type CloudCall,
  cloudCredentials,
  cloudWebhook,
  PHONE_NUMBER_ID,
  postWebhook,
  startCloudApi,
} from "#test/support/cloud-api.ts";
import {
  bodyOf,
  type ConnectedProduct,
  startConnectedProduct,
} from "#test/support/connected-product.ts";
import {
  infobipCredentials,
  infobipIdOf,
  infobipStatus,
  reportTo,
  startInfobip,
} from "#test/support/infobip-api.ts";
import type { Product } from "#test/support/product.ts";
import { AGENT_ID, rbmCredentials, startRbmApi } from "#test/support/rbm-api.ts";
import { fallthrough } from "#test/support/terminal.ts";

const WITHIN = { timeout: 30_000, interval: 50 };

const opened = new AsyncDisposableStack();
let product: Product;
let connected: ConnectedProduct;
let meta: CloudApi;

beforeAll(async () => {
  meta = opened.use(await startCloudApi());
  ({ product, connected } = opened.use(await startConnectedProduct()));
});
afterAll(() => opened.disposeAsync());

function connection() {
  const options = {
    phoneNumberId: PHONE_NUMBER_ID,
    businessAccountId: BUSINESS_ACCOUNT_ID,
    address: meta.url,
  };
  return { provider: "whatsapp-cloud", options, credentials: cloudCredentials };
}

function put(accountId: string): Promise<Response> {
  return connected.admin("PUT", `/accounts/${accountId}/connections/meta`, connection());
}

function listed(name: string, status = "APPROVED") {
  const components = [{ type: "BODY", text: "Hi {{1}}!" }];
  return { name, status, language: "en", category: "UTILITY", components };
}

it("takes Meta's templates over after a preview, and sends none that is not approved", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "fallthrough-templates-"));
  opened.defer(() => rm(cwd, { recursive: true }));
  const account = `shop-${randomUUID().slice(0, 8)}`;
  const path = `/accounts/${account}`;
  await connected.admin("PUT", path, { name: "Shop" });
  expect((await put(account)).status).toBe(201);
  const mine = { name: "mine", language: "en", category: "utility", text: "By hand" };
  await connected.admin("PUT", `${path}/templates/mine.en`, mine);
  const listAs = (...data: object[]) => {
    meta.templates = () => ({ status: 200, body: { data, paging: { cursors: { after: "x" } } } });
  };
  const env = { FALLTHROUGH_URL: product.places.apiUrl };
  const sync = (...more: string[]) =>
    fallthrough(
      { cwd, env },
      "connections",
      "sync-templates",
      "meta",
      "--account",
      account,
      ...more,
    );
  listAs(listed("offer"), listed("wait", "PENDING"), listed("mine"));
  const shown = await sync("--dry-run");
  expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
  expect(shown.stdout).toContain("+ templates/offer.en");
  expect(shown.stdout).toContain("mine.en differs, and was not made by this connection");
  const names = async () => {
    const { items } = await bodyOf(await connected.admin("GET", `${path}/templates`));
    return items.map(({ id }: { id: string }) => id);
  };
  expect(await names()).toEqual(["mine.en"]);
  expect(await sync("--yes")).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await names()).toEqual(["mine.en", "offer.en", "wait.en"]);
  const own = await bodyOf(await connected.admin("GET", `${path}/templates/mine.en`));
  expect(own).toMatchObject({ text: "By hand" });
  meta.templates = () => "<html>Sorry</html>";
  const odd = await sync("--yes");
  expect(odd.exitCode).not.toBe(0);
  expect(odd.stderr).toContain("unclear");
  listAs(listed("wait", "PENDING"));
  expect((await sync("--yes", "--overwrite")).stdout).toContain("- templates/offer.en deleted");
  expect(await names()).toEqual(["mine.en", "wait.en"]);
});

function asked(path: string, body: object): Promise<Response> {
  return fetch(`${product.places.apiUrl}/ft/v1${path}`, {
    method: "POST",
    headers: { authorization: "Bearer demo-key", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Sends once the dispatchers know Meta's connection; resolves to its call for the message. */
function sendByMeta(message: object): Promise<{ messageId: string; call: CloudCall }> {
  return vi.waitFor(async () => {
    const { messageId } = await bodyOf(await asked("/messages", message));
    const call = await vi.waitFor(
      () => {
        const found = meta.calls.find(({ body }) => JSON.stringify(body).includes(messageId));
        expect(found).toBeDefined();
        return found!;
      },
      { timeout: 3_000, interval: 50 },
    );
    return { messageId, call };
  }, WITHIN);
}

it("reaches a person by WhatsApp's user id alone, and says at once which step cannot", async () => {
  const id = `US.${randomUUID().replaceAll("-", "")}`;
  const made = await put("demo");
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "meta"));
  const receiptsUrl = `${product.places.receiptUrl}${(await bodyOf(made)).receiptsPath}`;
  const recipient = { channelUserIds: { whatsapp: id } };
  const content = { type: "TEXT", text: "Hello" };
  const whatsappAlone = { channel: "whatsapp", wanted: "DELIVERED" };
  const byBoth = { recipient, content, steps: [whatsappAlone, { channel: "sms" }] };
  for (const refused of [
    await asked("/messages", byBoth),
    await asked("/rehearsals", { message: byBoth }),
  ]) {
    expect(refused.status).toBe(422);
    expect(JSON.stringify(await bodyOf(refused))).toContain("/steps/1");
  }
  const message = { recipient, content, steps: [whatsappAlone] };
  expect((await asked("/rehearsals", { message })).status).toBe(200);
  const { messageId, call } = await sendByMeta(message);
  const { wamid, body } = call;
  expect(body).toMatchObject({ recipient: id, type: "text" });
  expect(body).not.toHaveProperty("to");
  expect(await postWebhook(receiptsUrl, cloudWebhook(wamid, { status: "delivered" }))).toBe(200);
  const over = await connected.untilOver(messageId);
  expect(over).toMatchObject({ outcome: "SUCCEEDED", attempts: [{ channel: "whatsapp" }] });
});

it("asks Infobip for reports where nothing can be posted to, as often as there are any", async () => {
  const gateway = opened.use(await startInfobip([26]));
  const options = { address: new URL(gateway.url).origin, receipts: "poll" };
  const body = { provider: "infobip", options, credentials: infobipCredentials };
  const made = await connected.admin("PUT", "/accounts/demo/connections/infobip", body);
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "infobip"));
  const user = { msisdn: "+6599990000" };
  const said = { user, type: "text", content: { text: "Hello" }, channels: [{ channel: "Viber" }] };
  const { messageId, call } = await connected.sendBy(gateway, said);
  expect(JSON.parse(call.body).messages[0]).not.toHaveProperty("webhooks.delivery.url");
  const price = { pricePerMessage: 0.02, currency: "EUR" };
  reportTo(gateway, { messageId: infobipIdOf(call), status: infobipStatus(5), price });
  expect(await connected.untilOver(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "viber", status: "DELIVERED" }],
  });
});

it("asks Google whether a phone has RCS, and goes on at once where it has none", async () => {
  const google = opened.use(await startRbmApi());
  const options = { agentId: AGENT_ID, address: google.url, tokenUrl: `${google.url}/token` };
  const body = { provider: "google-rbm", options, credentials: rbmCredentials };
  const made = await connected.admin("PUT", "/accounts/demo/connections/rbm", body);
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "rbm"));
  const channels = [
    { channel: "RCS", fallbackAfter: 86_400, successStatus: "Delivered" },
    { channel: "SMS" },
  ];
  const said = { type: "text", content: { text: "Hello" }, channels };
  const user = { msisdn: "+6599990251" };
  const nobody = await vi.waitFor(async () => {
    const sent = await product.send({ ...said, user });
    await vi.waitFor(() => expect(google.asked).toContain(user.msisdn), { timeout: 3_000 });
    return sent;
  }, WITHIN);
  expect((await connected.untilOver(nobody)).attempts).toMatchObject([
    { channel: "rcs", errorCode: "not-capable", errorClass: "PERMANENT" },
    { channel: "sms" },
  ]);
  const headers = { authorization: "Bearer demo-key" };
  const url = `${product.places.apiUrl}/ft/v1/messages/${nobody}`;
  const { story } = await bodyOf(await fetch(url, { headers }));
  expect(JSON.stringify(story)).toContain("This phone cannot receive RCS.");
  expect(google.messages).toEqual([]);
});
