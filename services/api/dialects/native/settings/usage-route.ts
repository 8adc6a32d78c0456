// How much of its day an account has used, and what was refused for limits of the operator's.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { dayOf } from "#libs/daily-caps/keys.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { LIMIT_CODES } from "#libs/judgement/fault.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { strict } from "../openapi/answers.ts";
import { AccountParams, adminOperation } from "./schemas.ts";

const Counted = Type.Object(
  {
    used: Type.Integer({ description: "Counted only where there is a cap." }),
    cap: Type.Optional(Type.Integer()),
  },
  strict,
);

const example = {
  day: "2026-11-29",
  messages: { used: 812, cap: 10_000 },
  segments: { used: 0 },
  spend: { used: 365_400, cap: 5_000_000 },
  refused: { "country-not-allowed": 3 },
};

const Usage = Type.Object(
  {
    day: Type.String({ description: "Of UTC." }),
    messages: Counted,
    segments: Counted,
    spend: Counted,
    refused: Type.Object(
      Object.fromEntries(LIMIT_CODES.map((code) => [code, Type.Optional(Type.Integer())])),
      { description: "Messages, by code; with those that were only rehearsed." },
    ),
  },
  { ...strict, title: "Usage", examples: [example] },
);

const readUsage = {
  ...adminOperation("Limits", "getUsage", "Show what an account has used of its day"),
  params: AccountParams,
  response: { 200: Usage },
  problems: ["not-found", "unavailable"] as const,
};

export function usageRoute({ settings, caps }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/", { schema: readUsage }, async ({ params: { accountId } }) => {
      const account = settings.findAccount(accountId);
      if (!account) throw new Problem("not-found", `There is no account ${accountId}.`);
      const { messages, segments, spend } = account.limits.daily;
      const now = Date.now();
      const { used, refused } = await caps.useOf(accountId, now);
      return {
        day: dayOf(now),
        messages: counted(used.messages, messages),
        segments: counted(used.segments, segments),
        spend: counted(used.spend, spend),
        refused,
      };
    });
  };
}

function counted(used: number, cap: number | undefined) {
  return { used, ...(cap !== undefined && { cap }) };
}
