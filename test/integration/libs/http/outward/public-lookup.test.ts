// Names of customers' endpoints, asked of a name server on loopback.
import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PrivateAddressError } from "#libs/http/outward/public-address.ts";
import { publicLookup } from "#libs/http/outward/public-lookup.ts";
import { type DnsServer, startDnsServer } from "#test/support/dns-server.ts";

const names = {
  "public.example": ["8.8.8.8"],
  "mixed.example": ["10.0.0.1", "8.8.4.4", "127.0.0.1", "8.8.8.8"],
  "inside.example": ["169.254.169.254", "192.168.0.1"],
  "nowhere.example": [],
};
let server: DnsServer;
let lookup: ReturnType<typeof publicLookup>;

beforeAll(async () => {
  server = await startDnsServer(names);
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([server.address]);
  lookup = publicLookup(resolver);
});
afterAll(() => server[Symbol.asyncDispose]());

function find(hostname: string, options = { all: true }): Promise<string | LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, options, (error, found) => (error ? reject(error) : resolve(found)));
  });
}

it("finds a public address, alone or in a list", async () => {
  expect(await find("public.example")).toEqual([{ address: "8.8.8.8", family: 4 }]);
  expect(await find("public.example", { all: false })).toBe("8.8.8.8");
});

it("leaves out the private addresses of a name that has both", async () => {
  const found = [{ address: "8.8.4.4" }, { address: "8.8.8.8" }];
  expect(await find("mixed.example")).toMatchObject(found);
  expect(await find("mixed.example", { all: false })).toBe("8.8.4.4");
});

it.each(["inside.example", "localhost", "LOCALHOST.", "db.localhost"])(
  "refuses %s, which leads inside",
  async (hostname) => {
    await expect(find(hostname)).rejects.toThrow(PrivateAddressError);
  },
);

it("tells a name without an address from one that leads inside: it may get one", async () => {
  await expect(find("nowhere.example")).rejects.toMatchObject({ code: "ENODATA" });
});

it("finds one name while the servers of a hundred others are silent", async () => {
  const silent = Array.from({ length: 100 }, (_, index) => find(`silent-${index}.example`));
  let givenUpCount = 0;
  for (const each of silent) each.catch(() => void givenUpCount++);
  const ended = Promise.allSettled(silent);
  const before = performance.now();
  expect(await find("public.example")).toHaveLength(1);
  expect(givenUpCount).toBe(0);
  const faults = await ended;
  expect(faults.every(({ status }) => status === "rejected")).toBe(true);
  expect(performance.now() - before).toBeLessThan(30_000);
});
