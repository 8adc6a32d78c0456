// The body of a send, or all that is wrong with its form.

import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { ApiError, type Violation } from "#libs/dialects/infobip/api-error.ts";
import { givenParser, refusing, type ShapeError } from "#libs/json/parse-given.ts";
import { DESTINATION_COUNT_MAX, type DestinationBody, type MessageBody, SendBody } from "./body.ts";

const parseShape = refusing(givenParser(SendBody), refusalOf);

/** Throws ApiError with every violation. */
export function readBody(given: unknown): SendBody {
  const body = parseShape(given);
  const violations = [
    ...countViolations(body),
    ...body.messages.flatMap((message, index) => messageViolations(message, `messages[${index}]`)),
  ];
  if (violations.length > 0) throw new ApiError(400, violations);
  return body;
}

function refusalOf({ faults }: ShapeError): ApiError {
  const violations = faults.map(({ path, words }) => {
    return { property: dottedPath(path), violation: words };
  });
  return new ApiError(400, violations);
}

function countViolations({ messages }: SendBody): Violation[] {
  const count = messages.reduce((sum, { destinations }) => sum + destinations.length, 0);
  if (count <= DESTINATION_COUNT_MAX) return [];
  const violation = `must not have more than ${DESTINATION_COUNT_MAX} destinations in all`;
  return [{ property: "messages", violation }];
}

function messageViolations(message: MessageBody, path: string): Violation[] {
  const { channel, destinations, failover = [] } = message;
  const channels = [channel, ...failover.map((each) => each.channel)];
  const isTwice = new Set(channels).size < channels.length;
  const twice = { property: `${path}.failover`, violation: "must name each channel once" };
  return [
    ...(isTwice ? [twice] : []),
    ...destinations.flatMap((destination, index) =>
      destinationViolations(destination, `${path}.destinations[${index}]`, channels),
    ),
  ];
}

/** Infobip's rules: one of two forms, only the second with a failover, and an address for each step. */
function destinationViolations(
  { to, byChannel }: DestinationBody,
  property: string,
  channels: readonly string[],
): Violation[] {
  if ((to === undefined) === (byChannel === undefined)) {
    return [{ property, violation: "must have one of to and byChannel" }];
  }
  if (!byChannel) {
    const violation = "must be by channel where there is a failover";
    return channels.length > 1 ? [{ property, violation }] : [];
  }
  const named: readonly string[] = byChannel.map(({ channel }) => channel);
  if (new Set(named).size < named.length) {
    return [{ property: `${property}.byChannel`, violation: "must name each channel once" }];
  }
  const missing = channels.filter((channel) => !named.includes(channel));
  if (missing.length === 0) return [];
  const violation = `must have an address for ${missing.join(", ")}`;
  return [{ property: `${property}.byChannel`, violation }];
}
