// Version N+1 is started beside N, on one broker, registry and Redis; both take, decide, dispatch and
// tick; then N is stopped, with messages of its own still open. What each has written the other goes on
// with, and nothing is lost, refused or set aside.
import { afterAll, beforeAll, expect, it } from "vitest";
import { followTopic } from "#test/support/follow-topic.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import { makeNextVersion } from "#test/support/next-version.ts";
import { followOutcomes } from "#test/support/outcome-log.ts";
import { outsideClient } from "#test/support/outside-client.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

/** 60 s become 3 s. */
const TIME_SCALE = 0.05;
/** So many that each version has some of every topic's twelve partitions, whatever their ids. */
const SENT_COUNT = 60;

const opened = new AsyncDisposableStack();
let [placesOfN, placesOfNext]: Places[] = [];
let [versionN, nextVersion]: ServiceProcess[] = [];

beforeAll(async () => {
  const infrastructure = opened.use(await startOwnInfrastructure());
  placesOfN = await choosePlaces(TIME_SCALE, infrastructure);
  placesOfNext = await choosePlaces(TIME_SCALE, infrastructure);
  const { tree } = opened.use(await makeNextVersion());
  // The carriers are nobody's version: they stay while the product is upgraded.
  const { env } = placesOfN;
  const carriers = ["carrier-simulator", "receipt-bridge"];
  for (const name of carriers) opened.use(await startService(name, env));
  const own = { SIMULATOR_PORT: "off", RECEIPT_PORT: "off" };
  versionN = opened.use(await startService("all-in-one", { ...env, ...own }));
  await versionN.ready();
  const ofNext = { ...env, ...own, API_PORT: placesOfNext.env["API_PORT"]! };
  nextVersion = opened.use(await startService("all-in-one", ofNext, tree));
  await nextVersion.ready();
}, 240_000);
afterAll(() => opened.disposeAsync(), 60_000);

/** Ids of messages whose WhatsApp stays silent for so long, after which an SMS gets through. */
async function send({ apiUrl }: Places, count: number, waitSeconds: number): Promise<string[]> {
  const call = nativeCustomer(apiUrl);
  const body = {
    recipient: { msisdn: "+6599990250" },
    content: { text: "Hi" },
    steps: [{ channel: "whatsapp", waitSeconds }, { channel: "sms" }],
  };
  const answers = await Promise.all(Array.from({ length: count }, () => call("/messages", body)));
  return answers.map(({ body: { messageId } }) => messageId!);
}

/** Follows who has written the journal entries of each message, by the id of the writer's schema. */
async function followWriters(brokers: string[]) {
  const journal = await followTopic(brokers, "message-journal");
  const writers = new Map<string, Set<number>>();
  return {
    ofBoth: () =>
      journal.next(({ key, value }) => {
        const ids = writers.get(String(key)) ?? new Set();
        writers.set(String(key), ids.add(value.readUInt32BE(1)));
        return ids.size === 2;
      }),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  };
}

/** How many records lie in each topic of dead letters that has some. */
async function deadLetters(brokers: string[]): Promise<[string, number][]> {
  const admin = outsideClient(brokers).admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.endsWith("-dlt"));
  const counts = topics.map(async (topic): Promise<[string, number]> => {
    const ends = await admin.fetchTopicOffsets(topic);
    return [topic, ends.reduce((sum, { high }) => sum + Number(high), 0)];
  });
  const all = await Promise.all(counts);
  await admin.disconnect();
  return all.filter(([, count]) => count > 0);
}

it("goes on with every message while one version takes the other's place", async () => {
  await using outcomes = await followOutcomes(placesOfN!);
  await using writers = await followWriters(placesOfN!.brokers);
  const together = [
    ...(await send(placesOfN!, SENT_COUNT / 2, 60)),
    ...(await send(placesOfNext!, SENT_COUNT / 2, 60)),
  ];
  await writers.ofBoth();
  const all = { timeoutMs: 60_000 };
  for (const messageId of together) {
    expect(await outcomes.next(messageId, all)).toMatchObject({
      outcome: "SUCCEEDED",
      channel: "sms",
    });
  }
  const moved = [await versionN!.metrics(), await nextVersion!.metrics()];
  for (const metrics of moved) expect(metrics).toMatch(/^fallthrough_transitions_total [1-9]/m);

  // N stops with its messages open: their waits end 10 s from now.
  const open = await send(placesOfN!, SENT_COUNT / 2, 200);
  await versionN![Symbol.asyncDispose]();
  const after = await send(placesOfNext!, SENT_COUNT / 2, 60);
  for (const messageId of [...open, ...after]) {
    expect(await outcomes.next(messageId, all)).toMatchObject({
      outcome: "SUCCEEDED",
      channel: "sms",
    });
  }
  expect([versionN!.fault(), nextVersion!.fault()]).toEqual([undefined, undefined]);
  expect(await deadLetters(placesOfN!.brokers)).toEqual([]);
}, 240_000);
