// What 8x8's receipts tell of WhatsApp alone, each at the moments that its page names:
// https://developer.8x8.com/connect/docs/delivery-receipts-for-outbound-chatapps
import type { SendRequest, StoryEvent } from "#libs/contracts/generated/types.ts";
import { stepContent } from "#libs/contracts/own-of-step.ts";
import type { Account } from "#libs/settings/account.ts";
import { outboundContent } from "./outbound-content.ts";
import { pricingCategory } from "./pricing-category.ts";

type Happened = { event: StoryEvent; attemptIndex: number };
type Context = {
  entry: { story: readonly StoryEvent[] };
  request: SendRequest;
  templates: Account["templates"];
};

/**
 * Statuses that tell what was sent. 8x8's page named the delivery until August 2026 and names the
 * first receipt since: a client of either finds it, and a carrier need not have said "queued".
 */
const WITH_CONTENT: ReadonlySet<StoryEvent["status"]> = new Set(["ACCEPTED", "DELIVERED"]);
const ARRIVED: ReadonlySet<StoryEvent["status"]> = new Set(["DELIVERED", "READ"]);

/** `whatsapp` and `outboundContent`, each absent where there is nothing to tell. */
export function whatsAppMembers({ event, attemptIndex }: Happened, context: Context) {
  const { entry, request, templates } = context;
  const content = stepContent(request, attemptIndex);
  const whatsapp = {
    ...(event.errorCode !== null && { providerErrorCode: event.errorCode }),
    ...(tellsPrice(event, entry.story) && {
      pricingCategory: pricingCategory(content, { templates }),
    }),
  };
  const isTold = event.type === "STATUS_CHANGED" && WITH_CONTENT.has(event.status);
  return {
    ...(Object.values(whatsapp).some((value) => value !== undefined) && { whatsapp }),
    ...(isTold && { outboundContent: outboundContent(content, { templates }) }),
  };
}

/** With "sent", and with the first of "delivered" and "read". */
function tellsPrice(event: StoryEvent, story: readonly StoryEvent[]): boolean {
  if (event.type !== "STATUS_CHANGED") return false;
  if (event.status === "SENT") return true;
  const arrival = story.find(
    ({ type, attemptIndex, status }) =>
      type === "STATUS_CHANGED" && attemptIndex === event.attemptIndex && ARRIVED.has(status),
  );
  return arrival === event;
}
