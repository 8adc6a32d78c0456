// Whether there is somebody to reach, and on every channel that is to be tried.
import { addressOf, takesNumbersOnly } from "#libs/contracts/address-of.ts";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { ADDRESS_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { stepRecipient } from "#libs/contracts/own-of-step.ts";
import { isCountry, isE164 } from "#libs/phone-numbers/parse-number.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest, RequestedStep } from "./requested-steps.ts";

const ID = /^[^\s\p{C}]+$/u;

type Addressed = Pick<JudgedRequest, "recipient" | "steps">;

/** Faults of the addresses themselves; where they are good, of steps that lack one. */
export function recipientFaults(request: Addressed, steps: readonly RequestedStep[]): Fault[] {
  const own = request.steps.flatMap(({ recipient }, index) =>
    recipient ? addressFaults(recipient, `/steps/${index}/recipient`) : [],
  );
  const faults = [...addressFaults(request.recipient, "/recipient"), ...own];
  return faults.length > 0 ? faults : reachFaults(request, steps);
}

function addressFaults({ msisdn, country, channelUserIds }: Recipient, path: string): Fault[] {
  const ids = Object.entries(channelUserIds);
  if (country !== null && !isCountry(country)) {
    return [fault("bad-country", `${path}/country`, "must be an ISO 3166 code of two letters")];
  }
  return [
    ...(msisdn ? numberFaults(msisdn, `${path}/msisdn`) : []),
    ...ids.flatMap(([channel, id]) => {
      const faultsOf = takesNumbersOnly(channel) ? numberFaults : idFaults;
      return faultsOf(id, `${path}/channelUserIds/${channel}`);
    }),
    ...(!msisdn && ids.length === 0
      ? [fault("no-recipient", path, "needs msisdn, or an id in channelUserIds")]
      : []),
  ];
}

function numberFaults(number: string, path: string): Fault[] {
  const words = "must be a number in E.164, such as +6591234567";
  return isE164(number) ? [] : [fault("bad-number", path, words)];
}

/** A person's id is one word, whatever its channel makes of it. */
function idFaults(id: string, path: string): Fault[] {
  if (ID.test(id) && id.length <= ADDRESS_LENGTH_MAX) return [];
  const words = `must have 1 to ${ADDRESS_LENGTH_MAX} characters, none of them blank or invisible`;
  return [fault("out-of-range", path, words)];
}

/**
 * Of steps that the request names itself each must reach the person: whoever names them means them
 * all. Flows are for everyone, and of theirs one that reaches is enough.
 */
function reachFaults(request: Addressed, steps: readonly RequestedStep[]): Fault[] {
  const outOfReach = [...steps.entries()].filter(
    ([index, step]) => !canReach(stepRecipient(request, index), step),
  );
  if (request.steps.length === 0 && outOfReach.length < steps.length) return [];
  return outOfReach.map(([index, { channel }]) => {
    const place = request.steps[index]?.recipient ? `/steps/${index}/recipient` : "/recipient";
    const words = `has no address: ${place} needs msisdn, or an id on ${channel}`;
    return fault("no-address", `/steps/${index}`, words);
  });
}

/** Whether a step's channel has an address of the person: a number is one on every channel. */
export function canReach(recipient: Recipient, { channel }: { channel: string }): boolean {
  return addressOf(recipient, channel) !== undefined;
}

/** A flow's steps as far as they reach the person; all of them where none does. */
export function reachingSteps<Step extends { channel: string }>(
  steps: readonly Step[],
  recipient: Recipient,
): readonly Step[] {
  const reaching = steps.filter((step) => canReach(recipient, step));
  return reaching.length === 0 ? steps : reaching;
}
