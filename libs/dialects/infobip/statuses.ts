// Infobip's statuses and errors as far as this dialect says them, with the ids of
// https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes

export type Status = {
  groupId: number;
  groupName: "PENDING" | "UNDELIVERABLE" | "DELIVERED" | "EXPIRED" | "REJECTED";
  id: number;
  name: string;
  description: string;
  /** What to mend; of what was rejected. */
  action?: string;
};

const group = (groupId: number, groupName: Status["groupName"]) => {
  return (id: number, name: string, description: string): Status => {
    return { groupId, groupName, id, name, description };
  };
};
const pending = group(1, "PENDING");
const undeliverable = group(2, "UNDELIVERABLE");
const delivered = group(3, "DELIVERED");
const expired = group(4, "EXPIRED");
const rejected = group(5, "REJECTED");

export const statuses = {
  accepted: pending(26, "PENDING_ACCEPTED", "Message sent to next instance"),
  delivered: delivered(5, "DELIVERED_TO_HANDSET", "Message delivered to handset"),
  notDelivered: undeliverable(9, "UNDELIVERABLE_NOT_DELIVERED", "Message sent not delivered"),
  notSent: undeliverable(31, "UNDELIVERABLE_NOT_SENT", "Message not sent"),
  expired: expired(15, "EXPIRED_EXPIRED", "Message expired"),
  unknown: expired(29, "EXPIRED_DLR_UNKNOWN", "Message expired, delivery status unknown"),
  network: rejected(6, "REJECTED_NETWORK", "Network not set up on the account"),
  source: rejected(11, "REJECTED_SOURCE", "Sender not registered on the account"),
  credits: rejected(12, "REJECTED_NOT_ENOUGH_CREDITS", "The day's limit is used up"),
  flooding: rejected(20, "REJECTED_FLOODING_FILTER", "Too many messages to the number"),
  sender: rejected(13, "REJECTED_SENDER", "Invalid sender"),
  route: rejected(19, "REJECTED_ROUTE_NOT_AVAILABLE", "Channel not available"),
  tooLong: rejected(25, "REJECTED_MESSAGE_TOO_LONG", "Message too long"),
  missingTo: rejected(51, "MISSING_TO", "Destination missing"),
  destination: rejected(52, "REJECTED_DESTINATION", "Invalid destination address"),
  invalid: rejected(100, "UNDELIVERABLE_REJECTED_PLATFORM", "Request rejected"),
} as const satisfies Record<string, Status>;

export type DeliveryError = {
  groupId: number;
  groupName: string;
  id: number;
  name: string;
  description: string;
  permanent: boolean;
};

export const noError: DeliveryError = {
  groupId: 0,
  groupName: "OK",
  id: 0,
  name: "NO_ERROR",
  description: "No Error",
  permanent: false,
};

/** Of a message that nobody got; what the carrier said is the description. */
export function unknownError(said: string | null, permanent: boolean): DeliveryError {
  const description = said ?? "Unknown Error";
  const error = { groupId: 1, groupName: "HANDSET_ERRORS", id: 255, name: "EC_UNKNOWN_ERROR" };
  return { ...error, description, permanent };
}
