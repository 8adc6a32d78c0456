// The native API's OpenAPI document and its page, made of the schemas that check the requests.
//
// A route is documented by its `schema` and nothing else:
//   schema: {
//     operationId, summary, tags: [a Tag],
//     security: [{ adminKey: [] }],           only where an account's own key is not enough
//     params, querystring, body, headers,     all but headers checked by `validate.ts`
//     response: { 201: Shown },               for the document alone; errors are added here
//   }
// `examples` of a schema are its examples in the document. Each property of `params` has one, and
// so have the body and every answer with content: test/e2e/openapi.test.ts carries them all out, in
// the order of the routes. A body that a handler must read by itself is documented all the same: its
// `validatorCompiler: takeAsGiven` beside `schema` leaves it unchecked.
import { fastifySwagger } from "@fastify/swagger";
import { fastifySwaggerUi } from "@fastify/swagger-ui";
import type { FastifyInstance, FastifySchema } from "fastify";
import { problemAnswer } from "./problem-answer.ts";

const PREFIX = "/ft/v1";

const TAGS = [
  "Accounts",
  "API keys",
  "Channels",
  "SMS senders",
  "Fallback rules",
  "Fallback policies",
  "Templates",
  "Prices",
  "Flows",
  "Messages",
  "Rehearsals",
  "Admin keys",
] as const;
export type Tag = (typeof TAGS)[number];

/** Documents every route that is registered on `server` after this has resolved. */
export async function documentRoutes(server: FastifyInstance): Promise<void> {
  await server.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Fallthrough",
        version: "1",
        description: "Gets a message through: tries a person's channels in order, and says why.",
      },
      servers: [{ url: PREFIX }],
      tags: TAGS.map((name) => ({ name })),
      security: [{ accountKey: [] }],
      components: {
        securitySchemes: {
          accountKey: bearer("A key of the account, with the scope `send` or `read`."),
          adminKey: bearer("A key with the scope `admin`, of the account or the operator's."),
        },
      },
    },
    convertConstToEnum: false,
    hideUntagged: true,
    // A prefix's own route is served with and without a slash; it is documented without.
    transform: ({ schema, url }) => ({ schema: documented(schema), url: url.replace(/\/$/, "") }),
  });
  await server.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    indexPrefix: PREFIX,
    theme: { title: "Fallthrough API" },
  });
  server.get("/openapi.json", { schema: { hide: true } }, async () => server.swagger());
}

function bearer(description: string) {
  return { type: "http", scheme: "bearer", description } as const;
}

function documented(schema: FastifySchema | undefined): FastifySchema {
  const response = typeof schema?.response === "object" ? schema.response : {};
  const given = schema?.body === undefined ? {} : { body: withoutDefaulted(schema.body) };
  return { ...schema, ...given, response: { ...response, default: problemAnswer } };
}

/** Whoever asks need not say what has a default, though whoever reads can count on it. */
function withoutDefaulted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaulted);
  if (typeof schema !== "object" || schema === null) return schema;
  const { examples, ...rest } = Object.fromEntries(Object.entries(schema));
  const copy = Object.fromEntries(
    Object.entries(rest).map(([word, value]) => [word, withoutDefaulted(value)]),
  );
  const { required, properties } = copy;
  if (Array.isArray(required)) {
    copy["required"] = required.filter((name) => !("default" in Object(Object(properties)[name])));
  }
  return examples === undefined ? copy : { ...copy, examples };
}
