// Numbers that nobody can have: most were written as they are dialled at home, without their country's code.
import { takesNumbersOnly } from "#libs/contracts/address-of.ts";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import { isPossibleNumber } from "#libs/phone-numbers/is-possible-number.ts";
import type { JudgedRequest } from "./requested-steps.ts";

const WORDS =
  "is too short or too long for its first digits, or these are no country's code: write the number with its country's code, such as +6591234567";

type ImpossibleNumber = { path: string; words: string };

/** Of the message's numbers and its steps' own. */
export function impossibleNumbers({ recipient, steps }: JudgedRequest): ImpossibleNumber[] {
  const own = steps.flatMap((step, index) =>
    step.recipient ? ofRecipient(step.recipient, `/steps/${index}/recipient`) : [],
  );
  return [...ofRecipient(recipient, "/recipient"), ...own];
}

function ofRecipient({ msisdn, channelUserIds }: Recipient, path: string): ImpossibleNumber[] {
  const ids = Object.entries(channelUserIds).filter(([channel]) => takesNumbersOnly(channel));
  const numbers = [
    ...(msisdn ? [[`${path}/msisdn`, msisdn] as const] : []),
    ...ids.map(([channel, id]) => [`${path}/channelUserIds/${channel}`, id] as const),
  ];
  return numbers.flatMap(([at, number]) =>
    isPossibleNumber(number) ? [] : [{ path: at, words: WORDS }],
  );
}
