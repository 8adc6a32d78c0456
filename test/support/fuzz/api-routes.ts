// Every route that the api serves, with good requests: what its OpenAPI document says, what is beside
// that, and the vendors' dialects.
import {
  examplesOf,
  type OpenApi,
  type Operation,
  operationsOf,
} from "#test/support/openapi-document.ts";
import { dialectRoutes } from "./dialect-routes.ts";
import { ACCOUNT, admin, type Bare, type Draft, headersOf } from "./fuzz-account.ts";

/** `guid`: 8x8's name for the account. `key` is the account's. */
type Place = { apiUrl: string; key: string; guid: string };

export function apiRoutes(document: OpenApi, { apiUrl, key, guid }: Place): Draft[] {
  const origin = apiUrl;
  return [
    ...operationsOf(document).map((operation) => nativeRoute(operation, { apiUrl, key })),
    ...pages.map((route) => ({ ...route, origin, headers: headersOf(key) })),
    ...dialectRoutes({ origin, key, guid }),
  ];
}

function nativeRoute(operation: Operation, { apiUrl, key }: Omit<Place, "guid">): Draft {
  const { method, path, parameters = [], requestBody, security } = operation;
  const examples = new Map(parameters.map(({ name, example }) => [name, String(example ?? "x")]));
  examples.set("accountId", ACCOUNT);
  const target = `/ft/v1${path.replaceAll(/\{(\w+)\}/g, (_, name) => examples.get(name) ?? "x")}`;
  const bodies = Object.values(requestBody?.content ?? {}).flatMap(examplesOf);
  return {
    origin: apiUrl,
    method: method.toUpperCase(),
    target,
    headers: headersOf(security === undefined ? key : admin),
    bodies: bodies.filter((body) => typeof body === "object" && body !== null),
  };
}

const docs = "/ft/v1/docs";
const page = (target: string): Bare => ({ method: "GET", target, bodies: [] });
const pages: Bare[] = [
  page("/"),
  page("/ft/v1/openapi.json"),
  page(docs),
  ...["json", "yaml", "swagger-ui.css"].map((name) => page(`${docs}/${name}`)),
  ...["index.html", "swagger-initializer.js", "theme/own.css"].map((name) => {
    return page(`${docs}/static/${name}`);
  }),
];
