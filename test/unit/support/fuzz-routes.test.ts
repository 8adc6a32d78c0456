import { type FastifyInstance, fastify } from "fastify";
import { expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";
import { connectedProviders } from "#libs/providers/providers.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { receiptSender } from "#services/carrier-simulator/receipt-sender.ts";
import { carrierRoutes as carriersOf } from "#services/carrier-simulator/routes.ts";
import { sentLog } from "#services/carrier-simulator/sent-log.ts";
import { receiptServer } from "#services/receipt-bridge/server.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { apiRoutes } from "#test/support/fuzz/api-routes.ts";
import { bridgeRoutes, receivings } from "#test/support/fuzz/bridge-routes.ts";
import { carrierRoutes } from "#test/support/fuzz/carrier-routes.ts";
import type { Draft } from "#test/support/fuzz/fuzz-account.ts";
import { parseOpenApi } from "#test/support/openapi-document.ts";
import { servedRoutes } from "#test/support/served-routes.ts";

/** A parameter is one segment, `*` is whatever follows. */
function patternOf(route: string): RegExp {
  const pattern = route.replaceAll(/[.+?()]/g, "\\$&").replaceAll(/:\w+/g, "[^/]+");
  return new RegExp(`^${pattern.replace("*", ".+")}$`);
}

/** Those of `served` that no request of the fuzz tier is for. */
function missing(served: readonly string[], fuzzed: readonly Pick<Draft, "method" | "target">[]) {
  const targets = fuzzed.map(({ method, target }) => `${method} ${target.split("?")[0]}`);
  return served.filter((route) => !targets.some((each) => patternOf(route).test(each)));
}

it("gives the fuzz tier every route that the api serves", async () => {
  const { request, tree } = startApiServer();
  const document = parseOpenApi((await request({ url: "/ft/v1/openapi.json" })).json());
  const place = { apiUrl: "http://api", key: "k", guid: "f".repeat(32) };
  const served = servedRoutes(await tree());
  expect(served.length).toBeGreaterThan(100);
  expect(missing(served, apiRoutes(document, place))).toEqual([]);
});

/** What a server has that nobody asks for anything. */
async function servedBy(app: FastifyInstance): Promise<string[]> {
  await app.ready();
  return servedRoutes(app.printRoutes({ commonPrefix: false }));
}

const log = createLog("receipt-bridge", "fatal");
const fuzzed = () =>
  bridgeRoutes("http://bridge", ({ provider, name }) => `/receipts/${provider}/${name}`);

it("gives it every route of the receipt-bridge", async () => {
  const nobody = { simulated: () => undefined, connection: () => undefined };
  const app = receiptServer({
    topic: "status-reports",
    codec: { encode: () => Buffer.alloc(0) },
    producer: { publish: async () => undefined },
    sources: nobody,
    now: Date.now,
    log,
  });
  const served = await servedBy(app);
  expect(served).toHaveLength(3);
  expect(missing(served, fuzzed())).toEqual([]);
});

it("gives it every route of the simulated carriers", async () => {
  const app = fastify();
  const deps = { sent: sentLog(), timeScale: 1, now: Date.now };
  await using receipts = receiptSender({
    receiptUrl: "http://bridge",
    secret: Buffer.alloc(32),
    log,
  });
  await app.register(carriersOf({ ...deps, receipts }));
  const served = await servedBy(app);
  expect(served).toHaveLength(3);
  expect(missing(served, carrierRoutes("http://carriers"))).toEqual([]);
});

it("gives it receipts of every provider that posts them", () => {
  const posting = [...connectedProviders.values()].filter(({ keepsLine }) => !keepsLine);
  const providers = new Set(receivings.map(({ provider }) => provider));
  expect([...providers].toSorted()).toEqual(posting.map(({ name }) => name).toSorted());
});

it("gives it receipts that are believed: what proves nothing is not read", async () => {
  for (const { provider, name, options, credentials, routes } of receivings) {
    const access = connectedProviders
      .get(provider)
      ?.open(connectionOf(provider, { options, credentials }));
    const receiptsPath = `/receipts/${provider}/${name}`;
    const receipts = access?.receipts?.({ provider: `${provider}.0`, receiptsPath });
    const [first] = routes(receiptsPath);
    const body = first?.bodies[0];
    const said = body
      ? (first.encode ?? asJson)(body)
      : Buffer.from(first?.target.split("?")[1] ?? "");
    const post = { headers: { ...first?.prove?.(said) }, body: said, peerAddress: "" };
    const query = first?.target.split("?")[1] ?? "";
    expect([name, receipts?.authenticate({ ...post, query }, Date.now())]).toEqual([name, true]);
    expect([name, (await receipts?.parse(said, 1))?.oddCount]).toEqual([name, 0]);
  }
});

const asJson = (body: unknown) => Buffer.from(JSON.stringify(body));

/** With what its schema adds. */
function connectionOf(
  name: string,
  { options, credentials }: { options: object; credentials: object },
) {
  const { options: schema } = connectedProviders.get(name)!;
  return { options: parseGiven(schema, options), credentials };
}
