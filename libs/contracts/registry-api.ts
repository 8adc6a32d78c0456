// What kafkajs' client of the schema registry asks, asked by requests of ours. By its own it takes any page for an answer
// (a schema that cannot be used, for good), and ends the process where a fault's body is `null`: what it throws there,
// nobody waits for. No middleware of it comes before that.
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { RetriableError } from "#libs/errors.ts";
import type { AskRegistry, Question } from "./ask-registry.ts";

/** Schemas that one refers to, and those that these refer to: a sender's own have one or two. */
const REFERENCE_COUNT_MAX = 100;

type OfSchema = { id: number };
type OfSubject = { subject: string; version?: number; body?: object };
type Told = { data: () => object };

/** The registry's own refusal; the client goes by its `status`. */
export class RegistryRefusal extends Error {
  readonly status: number;

  constructor(status: number, words: string) {
    super(`The schema registry refuses ${words}`);
    this.status = status;
  }
}

/** The client's compilers for other kinds of schemas are kept away from what anybody may have registered. */
export class NotAvroError extends Error {}

/** The client for one question, and those that follow from it: it keeps what it was told for good. */
export function registryFor(ask: AskRegistry): SchemaRegistry {
  const client = new SchemaRegistry({ host: "http://asked.by.us", retry: { retries: 0 } });
  // A property that the client's types call private, of the version that package.json pins.
  Reflect.set(client, "api", apiOf(ask));
  return client;
}

function apiOf(ask: AskRegistry) {
  let referenceCount = 0;
  return {
    Schema: {
      find: async ({ id }: OfSchema) => avro(await tell(ask, get(`/schemas/ids/${id}`), "schema")),
    },
    Subject: {
      async version({ subject, version }: OfSubject) {
        if (++referenceCount > REFERENCE_COUNT_MAX) {
          throw new Error(`It refers to more than ${REFERENCE_COUNT_MAX} others.`);
        }
        const path = `${pathOf("subjects", subject)}/versions/${version}`;
        return avro(await tell(ask, get(path), "schema"));
      },
      config: ({ subject }: OfSubject) =>
        tell(ask, get(pathOf("config", subject)), "compatibilityLevel"),
      updateConfig: ({ subject, body }: OfSubject) =>
        tell(ask, { method: "PUT", path: pathOf("config", subject), body }),
      register: ({ subject, body }: OfSubject) =>
        tell(ask, { method: "POST", path: `${pathOf("subjects", subject)}/versions`, body }, "id"),
      registered: ({ subject, body }: OfSubject) =>
        tell(ask, { method: "POST", path: pathOf("subjects", subject), body }, "id"),
    },
  };
}

function get(path: string): Question {
  return { method: "GET", path };
}

function pathOf(what: "subjects" | "config", subject: string): string {
  return `/${what}/${encodeURIComponent(subject)}`;
}

/** What the client reads of each answer without a look at it. */
const TYPES = { schema: "string", compatibilityLevel: "string", id: "number" };

/** Throws RegistryRefusal for the registry's own word; RetriableError where it does not tell what was asked for. */
export async function tell(
  ask: AskRegistry,
  question: Question,
  member?: keyof typeof TYPES,
): Promise<Told> {
  const { status, says } = await ask(question);
  const what = `${question.method} ${question.path}`;
  if (status >= 300) {
    throw new RegistryRefusal(status, `${what}: ${status} ${Reflect.get(says, "message")}`);
  }
  if (member !== undefined && typeof Reflect.get(says, member) !== TYPES[member]) {
    throw new RetriableError(`The schema registry tells no ${member}: ${what}`);
  }
  return { data: () => says };
}

function avro(told: Told): Told {
  // What says nothing is Avro.
  const type: unknown = Reflect.get(told.data(), "schemaType") ?? "AVRO";
  if (type !== "AVRO") throw new NotAvroError();
  return told;
}
