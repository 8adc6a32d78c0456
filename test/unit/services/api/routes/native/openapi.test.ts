import { Value } from "typebox/value";
import { beforeAll, describe, expect, it } from "vitest";
import { startApiServer } from "#test/support/api-server.ts";
import {
  bodiesOf,
  examplesOf,
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
    const names = referencesIn(document).map((reference) => reference.split("/").slice(1));
    const found = names.map((path) =>
      path.reduce<unknown>((part, name) => Object(part)[name], document),
    );
    expect(found).not.toContain(undefined);
  });

  it("says of each operation which key it needs and how an error looks", () => {
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { security = [], responses } of operations) {
      expect(
        security.flatMap((each) => Object.keys(each)).every((name) => schemes.includes(name)),
      ).toBe(true);
      expect(Object.keys(responses["default"]?.content ?? {})).toEqual([
        "application/problem+json",
      ]);
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

  it("asks for nothing that has a default", () => {
    const put = operations.find(({ operationId }) => operationId === "putChannel");
    const body = put?.requestBody?.content["application/json"];
    expect(body?.schema).toMatchObject({ required: ["senders"] });
  });
});

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
