// Needs SCHEMA_REGISTRY_URL: a real registry.
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { readOne } from "#libs/contracts/codec.ts";
import { connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { registryClient } from "#libs/contracts/registry-client.ts";
import { PoisonRecordError, RetriableError } from "#libs/errors.ts";
import { samples } from "#test/support/contract-samples.ts";

const registryUrl = process.env["SCHEMA_REGISTRY_URL"] ?? "";
const registry = registryClient(registryUrl);

const required = { name: "a", type: "string" };
const optional = { name: "b", type: ["null", "string"], default: null };

function schema(...fields: object[]): string {
  return JSON.stringify({ type: "record", name: "Trial", namespace: "test", fields });
}

function newSubject(): string {
  return `trial-${randomUUID()}-value`;
}

it("registers the schemas twice without a change, and gives codecs for them", async () => {
  await registerSchemas({ registryUrl });
  await registerSchemas({ registryUrl });
  const { setting, sendRequest, journalEntry } = await connectContracts({ registryUrl });

  expect(setting.subject).toBe("settings-value");
  expect(await readOne(setting, setting.encode(samples.setting))).toStrictEqual(samples.setting);
  const request = samples["send-request"];
  expect(await readOne(sendRequest, sendRequest.encode(request))).toStrictEqual(request);
  const entry = samples["journal-entry"];
  expect(await readOne(journalEntry, journalEntry.encode(entry))).toStrictEqual(entry);
});

it("gives a schema one id, whatever the subject", async () => {
  const id = await registry.register(newSubject(), schema(required));
  expect(await registry.register(newSubject(), schema(required))).toBe(id);
});

it("takes a new field with a default, and refuses one without", async () => {
  const subject = newSubject();
  await registry.setCompatibility();
  await registry.register(subject, schema(required));
  await registry.register(subject, schema(required, optional));
  const refused = registry.register(subject, schema(required, { name: "c", type: "int" }));
  await expect(refused).rejects.toThrow(`The schema of ${subject} does not fit`);
  await expect(refused).rejects.not.toBeInstanceOf(RetriableError);
});

it("finds a schema only as it is, and only where it is registered", async () => {
  const subject = newSubject();
  const id = await registry.register(subject, schema(required));
  expect(await registry.findId(subject, schema(required))).toBe(id);
  expect(await registry.findId(subject, schema(required, optional))).toBeUndefined();
  expect(await registry.findId(newSubject(), schema(required))).toBeUndefined();
});

it("calls a record poison whose schema the registry does not know", async () => {
  const { cancelRequest } = await connectContracts({ registryUrl });
  const bytes = cancelRequest.encode(samples["cancel-request"]);
  bytes.writeUInt32BE(2_147_483_647, 1);
  // It may be that the registry does not know it yet; that is believed for some seconds.
  await expect(cancelRequest.read([bytes])).rejects.toThrow(RetriableError);
  await vi.waitFor(
    async () => expect(await cancelRequest.read([bytes])).toEqual([expect.any(PoisonRecordError)]),
    { timeout: 30_000, interval: 500 },
  );
});

it("calls a record poison at once whose schema's id no registry gives", async () => {
  const { cancelRequest } = await connectContracts({ registryUrl });
  const values = [0, 2_147_483_648, 4_294_967_295].map((id) => {
    const bytes = cancelRequest.encode(samples["cancel-request"]);
    bytes.writeUInt32BE(id, 1);
    return bytes;
  });
  const poison = expect.any(PoisonRecordError);
  expect(await cancelRequest.read(values)).toEqual([poison, poison, poison]);
});

it("calls a record poison that was written with another record's schema", async () => {
  const { cancelRequest, timerTick } = await connectContracts({ registryUrl });
  const bytes = timerTick.encode(samples["timer-tick"]);
  expect(await cancelRequest.read([bytes])).toEqual([expect.any(PoisonRecordError)]);
});

it("can be retried while nothing listens at the registry's address", async () => {
  const down = "http://127.0.0.1:1/apis/ccompat/v7";
  await expect(registerSchemas({ registryUrl: down })).rejects.toThrow(RetriableError);
  await expect(connectContracts({ registryUrl: down })).rejects.toThrow(RetriableError);
  await expect(registryClient(down).findSchema(1)).rejects.toThrow(RetriableError);
  const registering = registryClient(down).register(newSubject(), schema(required));
  await expect(registering).rejects.toThrow(RetriableError);
});

it("can be retried while the registry takes requests and does not answer", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const silent = registryClient(`http://127.0.0.1:${address.port}`);
  await expect(silent.findSchema(1)).rejects.toThrow(RetriableError);
});

it("can be retried while the registry has not been given our schemas", async () => {
  // Another group of the registry's is empty: the same subjects are not there.
  const missing = registryUrl.replace("/ccompat/", "/none/");
  await expect(connectContracts({ registryUrl: missing })).rejects.toThrow(/npm run migrate/);
});
