// Meta's Direct Send: a text, or one with buttons, that needs no template, and the one message of WhatsApp's
// whose time to live is said with it (Meta's pages "Direct Send API reference" and "Configure message
// time-to-live", 31 July 2026).
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { CloudOptions } from "./access.ts";

/** Seconds that Meta takes, by category; it answers others with code 100. */
const TTL_SECONDS = {
  utility: { min: 30, max: 43_200 },
  authentication: { min: 30, max: 900 },
} as const;
type Category = keyof typeof TTL_SECONDS;

/** The types that go so; Meta sends every other as ever. */
const TYPES: ReadonlySet<string> = new Set(["text", "interactive"]);

/** How 8x8's clients ask for it, by message. */
const Asked = Type.Object({
  whatsApp: Type.Object({
    directSend: Type.Object({ category: Type.Enum(["utility", "authentication"]) }),
  }),
});

type Sent = Pick<DispatchCommand, "ttlSeconds" | "waitMs" | "content">;

/**
 * By the message's own word, else by the connection's. Its TTL is the step's, else its wait: what is not
 * delivered by then is not delivered beside the next step.
 */
export function directSend(
  type: string,
  { ttlSeconds, waitMs, content }: Sent,
  options: Pick<CloudOptions, "directSend">,
) {
  const category = categoryOf(content) ?? options.directSend;
  if (category === undefined || !TYPES.has(type)) return {};
  const seconds = ttlSeconds ?? (waitMs === null ? undefined : Math.floor(waitMs / 1_000));
  if (seconds === undefined) return { category };
  const { min, max } = TTL_SECONDS[category];
  return { category, ttl_seconds: Math.min(Math.max(seconds, min), max) };
}

function categoryOf({ richJson }: DispatchCommand["content"]): Category | undefined {
  const rich = parseJson(richJson ?? "{}");
  return Value.Check(Asked, rich) ? rich.whatsApp.directSend.category : undefined;
}
