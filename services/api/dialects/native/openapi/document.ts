// The native API's OpenAPI document and its page, made of the schemas that check the requests.
//
// A route is documented by its `schema` and nothing else:
//   schema: {
//     operationId, summary, tags: [a Tag],
//     security: [{ adminKey: [] }],           only where an account's own key is not enough
//     params, querystring, body, headers,     all but headers checked by `validate.ts`
//     response: { 201: Shown },               for the document alone
//     problems: ["ended"],                    codes of errors, beside those of every such route
//   }
// `examples` of a schema are its examples in the document. Each property of `params` has one, and
// so have the body and every answer with content: test/e2e/openapi.test.ts carries them all out, in
// the order of the routes. A schema with a `title` is a component of that name. A body with a default
// may be left out. A body that a handler must read by itself is documented all the same: its
// `validatorCompiler: takeAsGiven` beside `schema` leaves it unchecked.
import { fastifySwagger } from "@fastify/swagger";
import { fastifySwaggerUi } from "@fastify/swagger-ui";
import type { FastifyInstance } from "fastify";
import { completeDocument } from "./complete-document.ts";
import { documentRoute } from "./document-route.ts";
import { INTRODUCTION } from "./introduction.ts";
import { TAGS } from "./tags.ts";

const PREFIX = "/ft/v1";

/** Without the bar of whoever made the page, which asks for the address of another document. */
const OWN_STYLE = ".swagger-ui .topbar { display: none }";

const openapi = {
  openapi: "3.1.0",
  info: { title: "Fallthrough", version: "1", description: INTRODUCTION },
  // Relative: good behind every host and port.
  servers: [{ url: PREFIX }],
  tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  security: [{ accountKey: [] }],
  components: {
    securitySchemes: {
      accountKey: bearer("A key of the account, with the scope `send` or `read`: `demo-key`."),
      adminKey: bearer("A key with the scope `admin`: `demo-admin-key`."),
    },
  },
};

/** Documents every route that is registered on `server` after this has resolved. */
export async function documentRoutes(server: FastifyInstance): Promise<void> {
  await server.register(fastifySwagger, {
    openapi,
    convertConstToEnum: false,
    // A prefix's own route is served with and without a slash; it is documented without.
    transform: ({ schema, url }) => ({
      schema: documentRoute(schema),
      url: url.replace(/\/$/, ""),
    }),
    transformObject: (made) => {
      const document = "openapiObject" in made ? made.openapiObject : made.swaggerObject;
      completeDocument(document);
      return document;
    },
  });
  await server.register(fastifySwaggerUi, {
    routePrefix: "/docs",
    indexPrefix: PREFIX,
    uiConfig: { deepLinking: true, persistAuthorization: true, tryItOutEnabled: true },
    theme: { title: "Fallthrough API", css: [{ filename: "own.css", content: OWN_STYLE }] },
  });
  server.get("/openapi.json", { schema: { hide: true } }, async () => server.swagger());
}

function bearer(description: string) {
  return { type: "http", scheme: "bearer", description } as const;
}
