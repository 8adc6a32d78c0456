// Fault: of three brokers one after the other is killed and comes back, while messages are under way: sends are
// taken in part, leaders and coordinators move. Invariants: guarantees 1 to 4 as the auditor finds them on the
// topics; whoever was accepted has an outcome; no process ended by itself. Three brokers are much for the machine
// of an `npm test`: it runs in `npm run test:chaos`.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { audit } from "#test/support/audit.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { type Brokers, startThreeBrokers } from "#test/support/crash/three-brokers.ts";
import { startLoad } from "#test/support/load.ts";
import { followOutcomes } from "#test/support/outcome-log.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { readLedger } from "#test/support/read-ledger.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

const TIME_SCALE = 0.02;
const DOWN_MS = 4_000;
const OUTCOME_WITHIN_MS = 180_000;
const QUIET_WITHIN_MS = 60_000;

const opened = new AsyncDisposableStack();
let brokers: Brokers;
let places: Places;
let product: ServiceProcess;

describe.runIf(process.env["CHAOS_ROUNDS"])("three brokers", () => {
  beforeAll(async () => {
    brokers = opened.use(await startThreeBrokers());
    const infrastructure = opened.use(await startOwnInfrastructure());
    const env = { ...infrastructure.env, KAFKA_BROKERS: brokers.addresses.join(",") };
    places = await choosePlaces(TIME_SCALE, { env });
    const sizes = { ...defaultTopicSizes, replicationFactor: 3 };
    await migrate({ brokers: brokers.addresses, registryUrl: places.registryUrl, sizes });
    product = opened.use(await startService("all-in-one", places.env));
    await product.ready();
  }, 300_000);
  afterAll(() => opened.disposeAsync(), 120_000);

  it("keeps every guarantee while brokers die in turn", async () => {
    await using outcomes = await followOutcomes(places);
    const load = await startLoad(places);
    for (const place of brokers.addresses.keys()) {
      await load.burst(100);
      await brokers.kill(place);
      await sleep(DOWN_MS);
      brokers.start(place);
      await brokers.ready();
    }
    const accepted = await load.stop();
    for (const messageId of accepted) {
      await outcomes.next(messageId, { timeoutMs: OUTCOME_WITHIN_MS });
    }
    await untilCaughtUp(brokers.addresses);
    await vi.waitFor(async () => expect(audit(await readLedger(places))).toEqual([]), {
      timeout: QUIET_WITHIN_MS,
      interval: 2_000,
    });
    expect(product.fault()).toBeUndefined();
  }, 600_000);
});
