// Where carriers post their receipts. A 200 means that Kafka has every one of them.
import type { FastifyPluginCallbackTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import type { Codec } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { channels } from "#libs/contracts/topics.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { keyOfReport, reportOfReceipt } from "#libs/providers/simulated/receipt.ts";
import { CarrierReceipt } from "#libs/providers/simulated/wire.ts";
import { receiptCounter } from "./metrics.ts";

/** Some 300 bytes each: what fits into a body of 256 KiB. */
const RECEIPT_COUNT_MAX = 1_000;

export type ReceiptDeps = {
  topic: string;
  codec: Pick<Codec<StatusReport>, "encode">;
  producer: Pick<Producer, "publish">;
  now: () => number;
};

const ChannelParams = Type.Object({
  channel: Type.Union(channels.map((name) => Type.Literal(name))),
});
const Receipts = Type.Array(CarrierReceipt, { minItems: 1, maxItems: RECEIPT_COUNT_MAX });

/** `POST /receipts/<channel>` with one receipt or an array of them. */
export function receiptRoutes(deps: ReceiptDeps): FastifyPluginCallbackTypebox {
  return (app, _options, done) => {
    const schema = { params: ChannelParams, body: Type.Union([CarrierReceipt, Receipts]) };
    app.post("/receipts/:channel", { schema }, async (request) => {
      const { channel } = request.params;
      const receipts = Array.isArray(request.body) ? request.body : [request.body];
      const receivedAt = deps.now();
      const reports = receipts.map((each) => reportOfReceipt(each, { channel, receivedAt }));
      await deps.producer.publish(reports.map((report) => recordOf(report, deps)));
      for (const { status } of reports) receiptCounter.inc({ channel, status });
      return { taken: reports.length };
    });
    done();
  };
}

function recordOf(report: StatusReport, { topic, codec }: ReceiptDeps): OutgoingRecord {
  return { topic, key: keyOfReport(report), value: codec.encode(report) };
}
