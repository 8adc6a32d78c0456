import { expect, it } from "vitest";
import { startApiServer } from "#test/support/api-server.ts";
import { apiRoutes } from "#test/support/fuzz/api-routes.ts";
import { parseOpenApi } from "#test/support/openapi-document.ts";
import { servedRoutes } from "#test/support/served-routes.ts";

/** A parameter is one segment, `*` is whatever follows. */
function patternOf(route: string): RegExp {
  const pattern = route.replaceAll(/[.+?()]/g, "\\$&").replaceAll(/:\w+/g, "[^/]+");
  return new RegExp(`^${pattern.replace("*", ".+")}$`);
}

it("gives the fuzz tier every route that the api serves", async () => {
  const { request, tree } = startApiServer();
  const document = parseOpenApi((await request({ url: "/ft/v1/openapi.json" })).json());
  const place = { apiUrl: "http://api", key: "k", guid: "f".repeat(32) };
  const fuzzed = apiRoutes(document, place).map(({ method, target }) => {
    return `${method} ${target.split("?")[0]}`;
  });
  const served = servedRoutes(await tree());
  expect(served.length).toBeGreaterThan(100);
  const missing = served.filter((route) => !fuzzed.some((each) => patternOf(route).test(each)));
  expect(missing).toEqual([]);
});
