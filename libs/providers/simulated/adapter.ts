// Calls a simulated carrier over HTTP, and says of every way in which that can end whether the
// carrier has the message. Only a fault from before the request was written proves that it has not.

import { Value } from "typebox/value";
import { Pool } from "undici";
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { answerOfEnd, type HttpAnswer } from "../answer-of-end.ts";
import { askHttp, callHttp, type HttpRequest } from "../call-http.ts";
import { noAddress } from "../no-address.ts";
import type { ProviderAdapter, ProviderAnswer, RevocationAnswer } from "../provider-adapter.ts";
import { revocationOfEnd } from "../revocation-of-end.ts";
import { segmentCountOf } from "../segment-count.ts";
import { answerOfRefusal } from "./answer-of-refusal.ts";
import { takesIdempotencyKeys } from "./carrier-traits.ts";
import { normalId } from "./normal-id.ts";
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
    takesIdempotencyKeys: () => takesIdempotencyKeys(channel),
    async dispatch(command, isInTime) {
      const call = callOf(command, channel);
      if (!call) return noAddress;
      const end = await callHttp(pool, requestOf(call, channel), { timeoutMs, isInTime });
      return answerOfEnd(end, (answer) => answerOf(answer, { call, channel }));
    },
    async revoke({ commandId }, withinMs) {
      const path = `/carriers/${channel}/messages/${encodeURIComponent(commandId)}`;
      const request = { method: "DELETE", path, headers: {}, body: "" } as const;
      const end = await askHttp(pool, request, { timeoutMs: withinMs });
      return revocationOfEnd(end, revocationOf);
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

function revocationOf({ statusCode }: HttpAnswer): RevocationAnswer | undefined {
  if (statusCode === 200) return { outcome: "REVOKED" };
  return statusCode === 409 ? { outcome: "TOO_LATE" } : undefined;
}

type Called = { call: CarrierCall; channel: Channel };

/** Undefined for what is no answer of a simulated carrier. */
function answerOf({ statusCode, body }: HttpAnswer, { call, channel }: Called) {
  if (statusCode < 300 && Value.Check(CarrierAcceptance, body)) {
    const providerMessageId = normalId(body.providerMessageId);
    const parts = body.partIds ? { partIds: body.partIds.map(normalId) } : {};
    const segmentCount = segmentCountOf(call, channel);
    return { type: "accepted", providerMessageId, ...parts, segmentCount } satisfies ProviderAnswer;
  }
  if (statusCode >= 400 && statusCode < 500 && Value.Check(CarrierRefusal, body)) {
    return answerOfRefusal(body, channel);
  }
  return undefined;
}
