// Where carriers post their receipts: believed first, then read. A 200 means that Kafka has each of
// them, as a report or as a dead letter.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Codec } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { DEAD_REASON_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { cutText } from "#libs/cut-text.ts";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import type { RawPost } from "#libs/providers/authentication/proof.ts";
import type { Provider, Receipts } from "#libs/providers/provider.ts";
import { keyOfReport } from "#libs/providers/simulated/receipt.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { oddCounter, receiptCounter, refusedCounter } from "./metrics.ts";

/** A provider and what its receipts are believed by. */
export type ReceiptSource = { provider: Provider; receipts: Receipts };

export type ReceiptDeps = {
  topic: string;
  codec: Pick<Codec<StatusReport>, "encode">;
  producer: Pick<Producer, "publish">;
  /** By the provider's name. */
  sources: ReadonlyMap<string, ReceiptSource>;
  now: () => number;
  log: Log;
};

/** `POST /receipts/<provider>`. */
export function receiptRoutes(app: FastifyInstance, deps: ReceiptDeps): void {
  // Signatures are over bytes, so nobody may parse a body before it is believed.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.post<{ Params: { provider: string } }>("/receipts/:provider", async (request, reply) => {
    const source = deps.sources.get(request.params.provider);
    if (!source) throw new HttpRefusal({ status: 404, advice: "there is no such provider." });
    const post = rawPost(request);
    if (!source.receipts.authenticate(post, deps.now())) {
      refusedCounter.inc({ provider: source.provider.name });
      // RFC 9110 wants a scheme with a 401; which proof this provider gives is not told.
      void reply.header("www-authenticate", "Signature");
      throw new HttpRefusal({ status: 401, advice: "nothing proves that the provider sent this." });
    }
    return takeReceipts(post.body, source, deps);
  });
}

function rawPost({ headers, body, socket }: FastifyRequest): RawPost {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return { headers, body: bytes, peerAddress: socket.remoteAddress ?? "" };
}

async function takeReceipts(body: Buffer, source: ReceiptSource, deps: ReceiptDeps) {
  const { reports, oddCount, oddities } = source.receipts.parse(body, deps.now());
  const letters = oddCount === 0 ? [] : [letterOf(body, oddities, source, deps)];
  await deps.producer.publish([...reports.map((report) => recordOf(report, deps)), ...letters]);
  const { name, channel } = source.provider;
  for (const { status } of reports) receiptCounter.inc({ channel, status });
  if (oddCount > 0) {
    oddCounter.inc({ provider: name }, oddCount);
    deps.log.warn({ provider: name, count: oddCount, first: oddities[0] }, "odd receipts");
  }
  return { taken: reports.length, setAside: oddCount };
}

function recordOf(report: StatusReport, { topic, codec }: ReceiptDeps): OutgoingRecord {
  return { topic, key: keyOfReport(report), value: codec.encode(report) };
}

/** The body as it came: what was odd about it can be seen, and the rest taken again. */
function letterOf(
  body: Buffer,
  oddities: readonly string[],
  { provider }: ReceiptSource,
  { topic, now }: ReceiptDeps,
): OutgoingRecord {
  const headers = {
    [headerNames.deadReason]: cutText(oddities.join(" "), DEAD_REASON_LENGTH_MAX),
    [headerNames.deadTopic]: topic,
    [headerNames.deadAt]: new Date(now()).toISOString(),
  };
  return { topic: deadLetterTopic(topic), key: provider.name, value: body, headers };
}
