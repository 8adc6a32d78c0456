// Where carriers post their receipts: believed first, then read. A 200 means that Kafka has each of
// them, as a report or as a dead letter.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Codec } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import type { RawPost } from "#libs/providers/authentication/proof.ts";
import { receiptRecords } from "#libs/providers/receipt-records.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { oddCounter, receiptCounter, refusedCounter } from "./metrics.ts";
import type { ReceiptSource, ReceiptSources } from "./receipt-sources.ts";

export type ReceiptDeps = {
  topic: string;
  codec: Pick<Codec<StatusReport>, "encode">;
  producer: Pick<Producer, "publish">;
  sources: ReceiptSources;
  now: () => number;
  log: Log;
};

/** Meta's batches of statuses are its largest posts (up to 3 MB, as its page on webhooks says). */
const CONNECTION_BODY_BYTES_MAX = 3 * 1024 * 1024;

type OfSimulated = { Params: { provider: string } };
type OfConnection = { Params: { provider: string; key: string } };

/** `POST /receipts/<simulated carrier>`; `POST` and `GET /receipts/<provider>/<connection>`. */
export function receiptRoutes(app: FastifyInstance, deps: ReceiptDeps): void {
  // Signatures are over bytes, so nobody may parse a body before it is believed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  // Nothing is made of its type, and a server must not refuse a receipt for an odd or an empty one.
  app.addHook("onRequest", async ({ raw }) => {
    raw.headers["content-type"] = "application/octet-stream";
  });
  const simulated = (name: string) => deps.sources.simulated(name);
  app.post<OfSimulated>(
    "/receipts/:provider",
    { onRequest: async ({ params }) => void demand(simulated(params.provider)) },
    async (request, reply) =>
      takePost(simulated(request.params.provider), { request, reply }, deps),
  );
  app.post<OfConnection>(
    "/receipts/:provider/:key",
    {
      bodyLimit: CONNECTION_BODY_BYTES_MAX,
      // Before the body: 3 MB for an address that nobody has are not read.
      onRequest: async ({ params }) => void demand(ofConnection(params, deps)),
    },
    async (request, reply) =>
      takePost(ofConnection(request.params, deps), { request, reply }, deps),
  );
  app.get<OfConnection>("/receipts/:provider/:key", async (request, reply) => {
    const source = demand(ofConnection(request.params, deps));
    if (source.receipts.comeAsQueries) return takePost(source, { request, reply }, deps);
    const answer = source.receipts.confirm?.(Object(request.query));
    if (answer === undefined) throw unproven(source, reply);
    return reply.type("text/plain").send(answer);
  });
}

function ofConnection({ provider, key }: OfConnection["Params"], { sources }: ReceiptDeps) {
  return sources.connection(provider, key);
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

async function takePost(
  found: ReceiptSource | undefined,
  { request, reply }: Exchange,
  deps: ReceiptDeps,
) {
  const source = demand(found);
  const { answer, authenticate } = source.receipts;
  const post = rawPost(request);
  const confirmed = source.receipts.confirmPost?.(post);
  if (confirmed !== undefined) return reply.type("text/plain").send(confirmed);
  if (!authenticate(post, deps.now())) throw unproven(source, reply);
  const taken = await takeReceipts(post.body, source, deps);
  return answer ? reply.code(answer.status).type(answer.contentType).send(answer.text) : taken;
}

function demand(source: ReceiptSource | undefined): ReceiptSource {
  if (source) return source;
  throw new HttpRefusal({ status: 404, advice: "there is no such provider." });
}

function unproven({ provider }: ReceiptSource, reply: FastifyReply): HttpRefusal {
  refusedCounter.inc({ provider });
  // RFC 9110 wants a scheme with a 401; which proof this provider gives is not told.
  void reply.header("www-authenticate", "Signature");
  return new HttpRefusal({ status: 401, advice: "nothing proves that the provider sent this." });
}

/** What is asked for by GET says in its query what others say in their body. */
function rawPost({ method, url, headers, body, socket }: FastifyRequest): RawPost {
  const [, query = ""] = /\?(.*)$/s.exec(url) ?? [];
  const said = method === "GET" ? Buffer.from(query) : body;
  const bytes = Buffer.isBuffer(said) ? said : Buffer.alloc(0);
  return { headers, query, body: bytes, peerAddress: socket.remoteAddress ?? "" };
}

async function takeReceipts(body: Buffer, source: ReceiptSource, deps: ReceiptDeps) {
  const { provider } = source;
  const receipts = await source.receipts.parse(body, deps.now());
  await deps.producer.publish(await receiptRecords({ body, receipts, provider }, deps));
  const { reports, oddCount, oddities } = receipts;
  countReceipts(reports);
  if (oddCount > 0) {
    oddCounter.inc({ provider }, oddCount);
    deps.log.warn({ provider, count: oddCount, first: oddities[0] }, "odd receipts");
  }
  return { taken: reports.length, setAside: oddCount };
}

/** Each word of each channel once, however many receipts have it: a post may hold a hundred thousand. */
function countReceipts(reports: readonly StatusReport[]): void {
  const groups = Map.groupBy(reports, ({ channel, status }) => `${channel} ${status}`);
  for (const group of groups.values()) {
    const [first] = group;
    if (first) receiptCounter.inc({ channel: first.channel, status: first.status }, group.length);
  }
}
