// Receipts per second through one receipt-bridge: signed posts of Meta's, each answered once Kafka has
// what is in it. A provider that posts each by itself, and one that posts them in batches.
import { randomUUID } from "node:crypto";
import { Pool } from "undici";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { topics } from "#libs/contracts/topics.ts";
import { signBody } from "#libs/providers/authentication/hmac.ts";
import { settingKey, withBody } from "#libs/settings/setting.ts";
import { cloudCredentials, cloudWebhook, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { receiptSecret } from "#test/support/signed-receipts.ts";
import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import { measureRate } from "../measure.ts";
import { startService } from "../processes.ts";
import type { Scenario } from "./scenario.ts";

const CONNECTION_COUNT = 64;
const WARM_UP_COUNT = 2_000;

/** As many as Meta may put into a post of some 30 kB. */
const RECEIPTS_PER_POST = 100;

export const receipts: Scenario = {
  name: "receipts",
  title: "signed receipts, answered once Kafka has what is in them",
  event: "receipt",
  systems: {
    "one a post": (bench) => measureReceipts(bench, 1),
    "100 a post": (bench) => measureReceipts(bench, RECEIPTS_PER_POST),
  },
};

async function measureReceipts(bench: Bench, perPost: number): Promise<Sample> {
  const path = await publishConnection(bench);
  const port = String(await freePort());
  const secret = receiptSecret.toString("base64");
  const env = { ...bench.env, RECEIPT_SECRET: secret, RECEIPT_PORT: port };
  const { cores, plan } = bench;
  await using bridge = await startService("receipt-bridge", { env, cores: cores?.measured });
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTION_COUNT });
  await postAll(pool, { path, bodies: bodiesOf(WARM_UP_COUNT, perPost) });
  const bodies = bodiesOf(plan.messageCount, perPost);
  const watched = { ...bench.watched, "receipt-bridge": bridge.pid };
  const sample = await measureRate({ watched, eventCount: plan.messageCount }, () => {
    return postAll(pool, { path, bodies });
  });
  await pool.close();
  return sample;
}

/** Puts a connection on the topic as an api would; returns where its receipts are posted to. */
async function publishConnection({ producer, contracts }: Bench): Promise<string> {
  const place = { accountId: "demo", kind: "connection", name: "bench" } as const;
  const options = { phoneNumberId: PHONE_NUMBER_ID };
  const given = {
    provider: "whatsapp-cloud",
    enabled: true,
    options,
    credentials: cloudCredentials,
  };
  const secretsKeys = [Buffer.from(demoEnv.SECRETS_KEY, "base64")] as const;
  const body = nextConnection(given, undefined, { secretsKeys, accountId: place.accountId });
  const stamp = { ...place, revision: 1_000_000, changedAt: Date.now(), changedBy: "bench" };
  const setting = withBody(stamp, body);
  const value = contracts.setting.encode({ ...setting, body: JSON.stringify(setting.body) });
  await producer.publish([{ topic: topics.settings.name, key: settingKey(setting), value }]);
  return `/receipts/whatsapp-cloud/${body.receiptKey}`;
}

type Signed = { body: string; signature: string };

function bodiesOf(count: number, perPost: number): Signed[] {
  return Array.from({ length: Math.ceil(count / perPost) }, () => {
    const statuses = Array.from({ length: perPost }, () => `wamid.${randomUUID()}`);
    const body = cloudWebhook(statuses, { status: "delivered" });
    const secret = Buffer.from(cloudCredentials.appSecret);
    return { body, signature: signBody(secret, Buffer.from(body)) };
  });
}

/** All of them, as fast as they are taken; rejects where one is not. */
async function postAll(pool: Pool, { path, bodies }: { path: string; bodies: readonly Signed[] }) {
  const left = bodies.values();
  const worker = async () => {
    for (const { body, signature } of left) {
      const headers = { "content-type": "application/json", "x-hub-signature-256": signature };
      const answer = await pool.request({ method: "POST", path, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`A post was answered ${answer.statusCode}.`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTION_COUNT }, worker));
}
