import { fastify } from "fastify";
import { expect, it } from "vitest";
import { authorizationKey } from "#services/api/http/authentication/authorization-key.ts";
import { demoView } from "#test/support/demo-settings.ts";

const findKey = authorizationKey("Bearer");

async function found(headers: Record<string, string>) {
  const server = fastify();
  server.get("/", async (request) => ({ key: findKey(request, demoView()) ?? null }));
  return (await server.inject({ url: "/", headers })).json();
}

it.each(["Bearer demo-key", "bearer demo-key", "Bearer   demo-key"])(
  "finds the key of %j",
  async (authorization) => {
    expect(await found({ authorization })).toMatchObject({ key: { accountId: "demo" } });
  },
);

it.each([
  "demo-key",
  "Bearer",
  "Bearer nope",
  "Bearer demo key",
  "Basic ZGVtbzpkZW1v",
  "App demo-key",
  `Bearer ${"x".repeat(513)}`,
])("finds none of %j", async (authorization) => {
  expect(await found({ authorization })).toEqual({ key: null });
});

it("finds none where nothing is sent", async () => {
  expect(await found({})).toEqual({ key: null });
});
