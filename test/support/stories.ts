// The seeds' example messages on every path that the simulated carriers' digits can send them: the
// last digits of a number are, from the right, those of SMS, Viber and WhatsApp.
import { readFileSync } from "node:fs";

export type Story = {
  title: string;
  body: unknown;
  /** The channel of every call to a carrier, in order. */
  calls: readonly string[];
  /** Every outcome that is told, in order. */
  outcomes: readonly {
    revision: number;
    outcome: string;
    channel: string | null;
    duplicate: boolean;
    lateSuccess: boolean;
  }[];
};

const [wa, viber, sms] = ["whatsapp", "viber", "sms"] as const;

function first(outcome: string, channel: string | null, duplicate = false) {
  return { revision: 1, outcome, channel, duplicate, lateSuccess: false };
}

function by(channel: string, duplicate = false) {
  return [first("SUCCEEDED", channel, duplicate)];
}

const exhausted = [first("EXHAUSTED", null)];

/** A second copy arrives after the end; `isWanted` where it is what its step had waited for. */
function thenAgain(channel: string, isWanted: boolean) {
  const amended = { ...first("SUCCEEDED", channel, true), revision: 2, lateSuccess: isWanted };
  return [first("SUCCEEDED", channel), amended];
}

/** An example of 8x8's guides as it stands, or to another number. */
export function example(name: string, msisdn?: string): unknown {
  const body = JSON.parse(readFileSync(`test/fixtures/8x8/${name}.json`, "utf8"));
  return msisdn === undefined ? body : { ...body, user: { msisdn } };
}

function asItStands(name: string, channel = wa): Story {
  return {
    title: `${name}, as it stands`,
    body: example(name),
    calls: [wa],
    outcomes: by(channel),
  };
}

type Path = [number: string, about: string, Story["calls"], Story["outcomes"]];

function paths(name: string, all: readonly Path[]): Story[] {
  return all.map(([digits, about, calls, outcomes]) => {
    const given = example(name, `+6599990${digits}`);
    const body = digits.includes("6") ? waitingLonger(given) : given;
    return { title: `${name}, ${digits}: ${about}`, body, calls, outcomes };
  });
}

/**
 * A late receipt comes 0.3 waits after the step was left, and the next step's success must be told by
 * then: 54 s before any time scale.
 */
function waitingLonger(body: unknown): unknown {
  const { channels } = Object(body);
  const longer = channels.map((each: object) =>
    "fallbackAfter" in each ? { ...each, fallbackAfter: 180 } : each,
  );
  return { ...Object(body), channels: longer };
}

/** WhatsApp until read for 60 s, Viber until delivered for 60 s, SMS. */
const threeChannels = paths("three-channels", [
  ["000", "WhatsApp is read", [wa], by(wa)],
  ["100", "WhatsApp is never read, Viber is a second copy", [wa, viber], by(viber, true)],
  ["200", "WhatsApp is silent after sent", [wa, viber], by(viber)],
  ["300", "WhatsApp refuses", [wa, viber], by(viber)],
  ["400", "WhatsApp is silent", [wa, viber], by(viber)],
  ["500", "WhatsApp cannot deliver", [wa, viber], by(viber)],
  ["600", "WhatsApp delivers late, unread", [wa, viber], thenAgain(viber, false)],
  ["700", "WhatsApp's receipts are out of order, none read", [wa, viber], by(viber, true)],
  ["800", "WhatsApp is busy twice", [wa, wa, wa], by(wa)],
  ["900", "WhatsApp's answer is lost, its receipts are not", [wa], by(wa)],
  ["250", "WhatsApp silent, Viber cannot deliver", [wa, viber, sms], by(sms)],
  ["490", "Viber's answer and receipts are lost", [wa, viber, sms], by(sms)],
  ["380", "Viber is busy twice", [wa, viber, viber, viber], by(viber)],
  ["339", "the last step's answer is lost: called again", [wa, viber, sms, sms], by(sms)],
  ["553", "nobody gets through", [wa, viber, sms], exhausted],
  ["355", "nobody gets through", [wa, viber, sms], exhausted],
  ["338", "SMS is busy twice", [wa, viber, sms, sms, sms], by(sms)],
]);

/** WhatsApp until delivered for 60 s, SMS. */
const twoChannels = paths("two-channels", [
  ["000", "WhatsApp is delivered", [wa], by(wa)],
  ["100", "WhatsApp is delivered, never read", [wa], by(wa)],
  ["200", "WhatsApp is silent after sent", [wa, sms], by(sms)],
  ["300", "WhatsApp refuses", [wa, sms], by(sms)],
  ["400", "WhatsApp is silent", [wa, sms], by(sms)],
  ["500", "WhatsApp cannot deliver", [wa, sms], by(sms)],
  ["600", "WhatsApp delivers late", [wa, sms], thenAgain(sms, true)],
  ["700", "WhatsApp's receipts are out of order", [wa], by(wa)],
  ["800", "WhatsApp is busy twice", [wa, wa, wa], by(wa)],
  ["900", "WhatsApp's answer is lost, its receipts are not", [wa], by(wa)],
  ["407", "SMS receipts are out of order", [wa, sms], by(sms)],
  ["505", "nobody gets through", [wa, sms], exhausted],
]);

const others = [
  ...paths("single-channel", [
    ["300", "WhatsApp refuses", [wa], exhausted],
    ["500", "WhatsApp cannot deliver", [wa], exhausted],
  ]),
  ...paths("template-ttl-aligned", [["300", "WhatsApp refuses", [wa, sms], by(sms)]]),
  ...paths("template-with-fallback-text", [["300", "WhatsApp refuses", [wa, sms], by(sms)]]),
  ...paths("template-without-channels", [["400", "WhatsApp is silent", [wa, sms], by(sms)]]),
  ...paths("interactive-button", [["500", "WhatsApp cannot deliver", [wa, sms], by(sms)]]),
  ...paths("interactive-list", [["200", "WhatsApp is silent", [wa, sms], by(sms)]]),
];

export const stories: readonly Story[] = [
  ...[
    "three-channels",
    "two-channels",
    "single-channel",
    "template-ttl-aligned",
    "template-with-fallback-text",
    "template-without-channels",
    "interactive-button",
    "interactive-list",
  ].map((name) => asItStands(name)),
  ...threeChannels,
  ...twoChannels,
  ...others,
];
