// Whether a phone has RCS, and the agent may send to it: `GET /v1/phones/{number}/capabilities`.
import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "#libs/json/parse-json.ts";
import { type TokenSource, withToken } from "../access-token.ts";
import { askHttp } from "../call-http.ts";
import { CAPABILITY_TIMEOUT_MS } from "../capability.ts";
import type { Calling } from "../provider.ts";
import type { Capability } from "../provider-adapter.ts";
import type { RbmOptions } from "./access.ts";

/** Google's own word: a 404 of anybody else says nothing about a phone. */
const NotFound = Type.Object({ error: Type.Object({ status: Type.Literal("NOT_FOUND") }) });

type Asking = Calling & { options: RbmOptions; tokens: TokenSource };

export async function askCapability(msisdn: string, asking: Asking): Promise<Capability> {
  const { options, tokens, agent } = asking;
  const { address: origin, agentId } = options;
  const query = new URLSearchParams({ requestId: randomUUID(), agentId });
  const path = `/v1/phones/${encodeURIComponent(msisdn)}/capabilities?${query.toString()}`;
  const timeoutMs = Math.min(asking.timeoutMs, CAPABILITY_TIMEOUT_MS);
  const end = await withToken(tokens, (token) => {
    const headers = { authorization: `Bearer ${token}` };
    const request = { method: "GET" as const, origin, path, headers, body: "" };
    return askHttp(agent, request, { timeoutMs });
  });
  if (end.type !== "answered") return "unknown";
  if (end.statusCode === 200) return "can";
  const isNobody = end.statusCode === 404 && Value.Check(NotFound, parseJson(end.text ?? ""));
  return isNobody ? "cannot" : "unknown";
}
