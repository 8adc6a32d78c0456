// A body with a member that no dialect knows: its name is the caller's own text, of any length and any words.
import { expect, it } from "vitest";
import type { Dialect, Sending } from "#libs/dialects/dialect.ts";
import { dialects } from "#libs/dialects/dialects.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";
import { START } from "#test/support/journal-entry.ts";

const account = demoView().findAccount("demo")!;
const sending: Sending = { account, messageId: "m-1", now: START, flowId: null };

const read = async (readSend: Dialect["readSend"], body: object) => readSend(body, sending);

/** All that Alibaba asks for, before it tells of what it does not know. */
const alibaba = {
  ChannelType: "whatsapp",
  Type: "message",
  MessageType: "text",
  Content: { text: "Hi" },
  From: "FALLTHRU",
  To: "6591234567",
};

/** Names that are long for whoever looks for one in a validator's sentence. */
const names: readonly ((size: number) => string)[] = [
  (size) => `${"a".repeat(size * 8)} b`,
  (size) => `${"properties: ".repeat(size)}\nx`,
  (size) => `${"a, ".repeat(size)}\n`,
  (size) => " /a".repeat(size),
];

it.each(
  Object.values(dialects).flatMap((dialect) => names.map((nameOf) => [dialect, nameOf] as const)),
)(
  "$name refuses a member that it does not know in time that grows as its name does",
  async ({ readSend }, nameOf) => {
    const run = (size: number) => {
      const body = { ...alibaba, [nameOf(size)]: 1, workflow: [{ [nameOf(size)]: 1 }] };
      return read(readSend, body).catch(() => undefined);
    };
    expect(await growthOf(run, 1_200)).toBeLessThan(LINEAR_GROWTH_MAX);
  },
);

it.each([
  ["alibaba", "UnsupportedParameter.properties: a, b."],
  ["vonage", "properties: a, b. must not have additional properties"],
  ["vonage-dispatch", "; properties: a, b. is not known here"],
] as const)("%s names such a member as it stands", async (name, words) => {
  const others = name === "alibaba" ? alibaba : {};
  const refusal = read(dialects[name].readSend, { ...others, "properties: a, b.": 1 });
  await expect(refusal).rejects.toThrow(words);
});
