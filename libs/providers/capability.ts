// Whether a person can be reached on a channel at all, as a provider says before anything is sent. It is
// asked once in a while, and never holds a message up for long: what nobody can tell, the call itself will.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { channelName } from "#libs/story/wording.ts";
import type { Capability, ProviderAnswer } from "./provider-adapter.ts";

/** A question takes no longer, whatever a call may take. */
export const CAPABILITY_TIMEOUT_MS = 1_000;
/** A phone is switched to another network, or RCS is turned on, now and then: a minute is no news. */
const KEEP_MS = 60_000;
/** Whoever could not answer is not asked by each of the messages that follow. */
const REST_MS = 10_000;
/** Of the newest people, some 100 bytes each. */
const PERSON_COUNT_MAX = 10_000;

type Ask = (person: string) => Promise<Capability>;
type Known = { said: Promise<Capability>; until: number };

export type Capabilities = {
  /** Never rejects. Those who ask for one person at once share a question. */
  of(person: string): Promise<Capability>;
  /** What was learnt of a person by other means. */
  note(person: string, capability: Capability): void;
};

/** `ask` may reject: then nobody knows. `now` is monotonic, ms. */
export function capabilities(ask: Ask, now: () => number = () => performance.now()): Capabilities {
  const known = new Map<string, Known>();
  let restsUntil = Number.NEGATIVE_INFINITY;

  function keep(person: string, said: Promise<Capability>): Promise<Capability> {
    known.delete(person);
    known.set(person, { said, until: now() + KEEP_MS });
    // The first of a map is the one that was put into it first.
    for (const [oldest] of known) {
      if (known.size <= PERSON_COUNT_MAX) break;
      known.delete(oldest);
    }
    return said;
  }

  async function askNow(person: string): Promise<Capability> {
    const said = await ask(person).catch(() => "unknown" as const);
    if (said === "unknown") {
      restsUntil = now() + REST_MS;
      known.delete(person);
    }
    return said;
  }

  return {
    async of(person) {
      const held = known.get(person);
      if (held && now() < held.until) return held.said;
      return now() < restsUntil ? "unknown" : keep(person, askNow(person));
    },
    note: (person, capability) => void keep(person, Promise.resolve(capability)),
  };
}

/** Our own code of a message that was not sent, because its person could not have had it. */
export function cannotReceive({ channel }: Pick<DispatchCommand, "channel">): ProviderAnswer {
  const text = `This phone cannot receive ${channelName(channel)}.`;
  return { type: "refused", code: "not-capable", errorClass: "PERMANENT", text };
}
