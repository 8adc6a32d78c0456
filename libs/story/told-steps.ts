import { addressOf } from "#libs/contracts/address-of.ts";
import type { FlowStep, SendRequest } from "#libs/contracts/generated/types.ts";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";

/** A step with its own address, masked, where it does not go to the message's recipient. */
export type ToldStep = FlowStep & { ownAddress?: string };

/** The steps of a message as its story tells of them. */
export function toldSteps(
  steps: readonly FlowStep[],
  request: Pick<SendRequest, "steps">,
): ToldStep[] {
  return steps.map((step, index) => {
    const recipient = request.steps[index]?.recipient;
    const address = recipient && addressOf(recipient, step.channel);
    return address ? { ...step, ownAddress: maskNumber(address) } : step;
  });
}
