// Vonage's list of errors of Messages (https://developer.vonage.com/api-errors/messages, November 2026; the
// `x-errors` of the OpenAPI document), as far as it is said here: number, title, and what it means.

export const errorList = {
  1000: ["Throttled", "The provider takes no more messages so fast."],
  1020: ["Invalid params", "The value of one or more parameters is invalid."],
  1022: ["Invalid template", "Invalid template or template parameters"],
  1030: ["Internal error", "There was an error processing your request in the Platform."],
  1060: ["Partner account barred", "The provider has barred the sender's account."],
  1100: ["Communication Failed", "No provider could be reached with the message."],
  1130: ["Invalid TTL", "The value of `ttl` is invalid."],
  1140: ["Facility not allowed", "The sender's account with the provider does not allow it."],
  1240: ["Illegal Number", "The person does not wish to receive messages from the sender."],
  1241: ["Too many send requests", "Too many messages to the same number."],
  1251: ["Unable to route traffic to a destination", "The sender may not write to that country."],
  1260: ["Destination unreachable", "The message could not be delivered to the number."],
  1282: ["Message blocked by provider", "The provider does not deliver what the message says."],
  1300: ["Not part of the provider network", "The number is not a user in the provider's network."],
  1330: ["Unknown", "The error is none of this list, as far as it is known here."],
  1331: ["Provider error", "The provider could not process the message; try again later."],
  1340: ["Outside of the allowed window", "The person has written nothing for too long."],
  1360: ["TTL was activated", "TTL was activated, or the message expired before it was delivered."],
  1380: ["Invalid resource", "The provider could not fetch the media."],
  1400: ["Unsupported channel", "The specified channel is not supported."],
  1410: ["Invalid channel parameters", "The value of one or more parameters is invalid."],
  1420: ["Invalid sender", "The `from` parameter is invalid for the given channel."],
  1430: ["Invalid recipient", "The `to` parameter is invalid for the given channel."],
  1440: [
    "Invalid message type",
    "The message type specified in the request is not supported for the given channel.",
  ],
  1450: [
    "Invalid client reference",
    "The client reference can be a string of up to 100 characters.",
  ],
  1461: [
    "Auto-limiting of messages by Provider",
    "The provider keeps the person from too many messages.",
  ],
} as const satisfies Record<number, readonly [title: string, meaning: string]>;

export type ErrorNumber = keyof typeof errorList;

/** Where the list has it. */
export function errorUrl(number: ErrorNumber): string {
  return `https://developer.vonage.com/api-errors/messages#${number}`;
}
