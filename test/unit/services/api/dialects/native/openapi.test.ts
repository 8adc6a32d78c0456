import { Value } from "typebox/value";
import { beforeAll, describe, expect, it } from "vitest";
import { startApiServer } from "#test/support/api-server.ts";
import {
  bodiesOf,
  examplesOf,
  find,
  type OpenApi,
  type Operation,
  operationsOf,
  parseOpenApi,
  referencesIn,
} from "#test/support/openapi-document.ts";

const server = startApiServer();
const get = (url: string) => server.request({ url });

let document: OpenApi;
let operations: Operation[];

beforeAll(async () => {
  document = parseOpenApi((await get("/ft/v1/openapi.json")).json());
  operations = operationsOf(document);
});

describe("the document", () => {
  it("has every route of the native API", () => {
    expect(operations.length).toBeGreaterThan(35);
    const routes = operations.map(({ method, path }) => `${method} ${path}`);
    expect(routes).toContain("put /accounts/{accountId}/channels/{name}");
    expect(routes).toContain("get /messages");
  });

  it("names each operation once, under a tag that it lists", () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    expect(operations.filter((each) => each.tags.some((tag) => !tags.includes(tag)))).toEqual([]);
  });

  it("has no reference that leads nowhere", () => {
    const references = referencesIn(document);
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((each) => find(document, each) === undefined)).toEqual([]);
  });

  it("says what is shared once, under its name, and has nothing else", () => {
    const shared = ["Message", "SendBody", "SendStep", "Content", "Problem", "Cost", "Channel"];
    const { schemas, responses } = document.components;
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(shared));
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["401-unauthorized"]));
    const named = Object.entries({ schemas, responses }).flatMap(([kind, all]) =>
      Object.keys(all).map((name) => `#/components/${kind}/${name}`),
    );
    const used = referencesIn(document);
    expect(named.filter((name) => !used.includes(name))).toEqual([]);
  });

  it("names its server by a path, so that it is good behind every port", () => {
    expect(document.servers).toEqual([{ url: "/ft/v1" }]);
  });

  it("can do without the bodies that may be left out", () => {
    const optional = operations.filter(({ requestBody }) => requestBody?.required === false);
    expect(optional.map(({ operationId }) => operationId).toSorted()).toEqual([
      "cancelBatch",
      "cancelMessage",
    ]);
  });

  it("says of each operation which key it needs and how its errors look", () => {
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { security = [], responses } of operations) {
      expect(
        security.flatMap((each) => Object.keys(each)).every((name) => schemes.includes(name)),
      ).toBe(true);
      const errors = Object.entries(responses).filter(([status]) => Number(status) >= 400);
      expect(errors.map(([status]) => status)).toEqual(expect.arrayContaining(["401", "403"]));
      const types = errors.flatMap(([, { content = {} }]) => Object.keys(content));
      expect(types).toEqual(errors.map(() => "application/problem+json"));
    }
  });

  it("has an example of every path, body and answer, each as its schema says", () => {
    const lacking = operations.flatMap((operation) => {
      const { operationId, parameters = [] } = operation;
      const paths = parameters.filter((each) => each.in === "path" && each.example === undefined);
      const bodies = bodiesOf(operation).filter((body) => examplesOf(body).length === 0);
      return [...paths, ...bodies].map(() => operationId);
    });
    expect(lacking).toEqual([]);
    expect(operations.flatMap(wrongExamples)).toEqual([]);
  });

  it("names an operation's own errors, by status, with their codes", () => {
    const cancel = operations.find(({ operationId }) => operationId === "cancelMessage");
    const codes = Object.entries(cancel?.responses ?? {}).map(([status, { content }]) => {
      const { examples = {} } = content?.["application/problem+json"] ?? {};
      return [status, Object.keys(examples)];
    });
    expect(Object.fromEntries(codes)).toEqual({
      200: [],
      400: ["bad-request"],
      401: ["unauthorized"],
      403: ["forbidden"],
      404: ["not-found"],
      409: ["ended"],
      413: ["bad-request"],
      415: ["bad-request"],
      422: ["invalid"],
      429: ["too-many-requests"],
      500: ["internal-error"],
      503: ["unavailable"],
    });
  });

  it("has the parameters that its paths name, and no other in a path", () => {
    for (const { path, operationId, parameters = [] } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const inPath = parameters.filter(({ in: place, required }) => place === "path" && required);
      expect([operationId, ...inPath.map(({ name }) => name)]).toEqual([operationId, ...named]);
      const places = parameters.map(({ in: place, name }) => `${place} ${name}`);
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it("has schemas that can be met: what is required is there", () => {
    const unmet = schemasIn(document).filter(({ properties, required }) =>
      required?.some((name) => properties && !(name in properties)),
    );
    expect(schemasIn(document).length).toBeGreaterThan(80);
    expect(unmet).toEqual([]);
  });

  it("asks for nothing that has a default", () => {
    const put = operations.find(({ operationId }) => operationId === "putChannel");
    const body = put?.requestBody?.content["application/json"];
    expect(body?.schema).toMatchObject({ required: ["senders"] });
  });
});

type Schema = { type?: unknown; properties?: object; required?: string[] };

/** Every schema of an object, wherever it stands. */
function schemasIn(part: unknown): Schema[] {
  if (typeof part !== "object" || part === null) return [];
  const own: Schema[] = "type" in part && part.type === "object" ? [{ ...part }] : [];
  return [...own, ...Object.values(part).flatMap(schemasIn)];
}

function wrongExamples(operation: Operation): string[] {
  return bodiesOf(operation).flatMap((body) =>
    examplesOf(body).flatMap((example) =>
      Value.Errors(body.schema, example).map(
        ({ instancePath, message }) => `${operation.operationId}${instancePath} ${message}`,
      ),
    ),
  );
}

describe("the page", () => {
  it("is there without a key, with all that it loads", async () => {
    const page = await get("/ft/v1/docs");
    expect([page.statusCode, page.headers["content-type"]]).toEqual([
      200,
      "text/html; charset=utf-8",
    ]);
    const links = [...page.body.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link ?? "");
    expect(links.length).toBeGreaterThan(4);
    expect(links.every((link) => link.startsWith("/ft/v1/docs/static/"))).toBe(true);
    const answers = await Promise.all(links.map(get));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  });

  it("shows the document", async () => {
    const [shown, own] = await Promise.all([get("/ft/v1/docs/json"), get("/ft/v1/openapi.json")]);
    expect(shown.json()).toEqual(own.json());
  });
});
