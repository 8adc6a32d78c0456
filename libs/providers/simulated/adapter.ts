// Calls a simulated carrier over HTTP, and says of every way in which that can end whether the
// carrier has the message. Only a fault from before the request was written proves that it has not.

import { Value } from "typebox/value";
import { Pool } from "undici";
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { callHttp, type HttpEnd, type HttpRequest } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import type { ProviderAdapter, ProviderAnswer } from "../provider-adapter.ts";
import { answerOfRefusal } from "./answer-of-refusal.ts";
import { takesIdempotencyKeys } from "./carrier-traits.ts";
import { normalId } from "./normal-id.ts";
import { segmentCountOf } from "./segment-count.ts";
import { CarrierAcceptance, type CarrierCall, CarrierRefusal, simulatedProvider } from "./wire.ts";

/** At least as many as one dispatcher has calls in flight, so that no call waits for a socket. */
const CONNECTION_COUNT_MAX = 1_000;

type AdapterOptions = { carrierUrl: string; channel: Channel; timeoutMs: number };

/**
 * An adapter of the simulated carrier of one channel. A call takes `timeoutMs` to connect, and as
 * much for its answer, at most.
 */
export function simulatedCarrier(options: AdapterOptions): ProviderAdapter {
  const { carrierUrl, channel, timeoutMs } = options;
  const pool = new Pool(new URL(carrierUrl).origin, {
    connections: CONNECTION_COUNT_MAX,
    connect: { timeout: timeoutMs },
    // callHttp bounds the answer as a whole; these would bound its pauses.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    provider: simulatedProvider(channel),
    takesIdempotencyKeys: takesIdempotencyKeys(channel),
    async dispatch(command, isInTime) {
      const call = callOf(command, channel);
      if (!call) return noAddress;
      const end = await callHttp(pool, requestOf(call, channel), { timeoutMs, isInTime });
      return answerOfEnd(end, { call, channel });
    },
    [Symbol.asyncDispose]: () => pool.close(),
  };
}

function callOf(command: DispatchCommand, channel: Channel): CarrierCall | undefined {
  const { recipient, sender, content, commandId, waitMs, ttlSeconds } = command;
  const encoding = content.smsEncoding;
  const address = addressOf(recipient, channel);
  if (address === undefined) return undefined;
  return {
    recipient: address,
    text: content.text ?? content.richJson ?? "",
    commandId,
    ...(encoding === null || encoding === "UNKNOWN" ? {} : { encoding }),
    ...(sender === null ? {} : { sender }),
    ...(waitMs === null ? {} : { waitMs }),
    ...(ttlSeconds === null ? {} : { ttlSeconds }),
  };
}

function requestOf(call: CarrierCall, channel: Channel): HttpRequest {
  const headers = { "content-type": "application/json" };
  return { path: `/carriers/${channel}/messages`, headers, body: JSON.stringify(call) };
}

type Called = { call: CarrierCall; channel: Channel };

function answerOfEnd(end: HttpEnd, called: Called): ProviderAnswer {
  switch (end.type) {
    case "answered":
      return answerOf(end.statusCode, parseJson(end.text ?? ""), called);
    case "late":
      return { type: "late" };
    case "unwritten":
      return { type: "temporary", code: "carrier-unreachable", text: faultText(end.code) };
    case "lost":
      return { type: "unknown", text: faultText(end.code) };
  }
}

function answerOf(statusCode: number, body: unknown, { call, channel }: Called): ProviderAnswer {
  if (statusCode < 300 && Value.Check(CarrierAcceptance, body)) {
    const providerMessageId = normalId(body.providerMessageId);
    const parts = body.partIds ? { partIds: body.partIds.map(normalId) } : {};
    const segmentCount = segmentCountOf(call, channel);
    return { type: "accepted", providerMessageId, ...parts, segmentCount };
  }
  if (statusCode >= 400 && statusCode < 500 && Value.Check(CarrierRefusal, body)) {
    return answerOfRefusal(body, channel);
  }
  if (statusCode === 429 || statusCode === 503) {
    return { type: "temporary", code: `http-${statusCode}`, text: "The carrier is overloaded." };
  }
  if (statusCode >= 400 && statusCode < 500) {
    return refusal(`http-${statusCode}`, "The carrier does not take this call.");
  }
  return { type: "unknown", text: `The carrier answered with HTTP ${statusCode}.` };
}

function faultText(code: string): string {
  return `The call ended with ${code}.`;
}

function refusal(code: string, text: string): ProviderAnswer {
  return { type: "refused", code, text, errorClass: "PERMANENT" };
}
