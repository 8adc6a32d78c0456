// What a receiver of 8x8's receipts expects, version 9, written from 8x8's guide alone: its OpenAPI
// has none of it. Members that the guide lacks are our own four and no others.
import { Type } from "typebox";
import { Value } from "typebox/value";

const strict = { additionalProperties: false };
const optional = Type.Optional;
const Uuid = Type.String({
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
});
const DateTime = Type.String({
  pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{2,7}Z$",
});
const Text = Type.Object({ text: Type.String() }, strict);

const Status = Type.Object(
  {
    state: Type.Enum(["queued", "rejected", "sent", "delivered", "undelivered", "read"]),
    detail: optional(
      Type.Enum([
        "delivered_to_operator",
        "delivered_to_recipient",
        "rejected_by_operator",
        "undelivered_to_recipient",
      ]),
    ),
    timestamp: DateTime,
    errorCode: optional(Type.Integer()),
    errorMessage: optional(Type.String()),
  },
  strict,
);

const Header = Type.Union([
  Type.Object({ type: Type.Literal("text"), text: Type.String() }, strict),
  Type.Object(
    {
      type: Type.Enum(["image", "video", "audio", "document"]),
      media: Type.Object({ url: Type.String(), filename: optional(Type.String()) }, strict),
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal("location"),
      location: Type.Object(
        {
          latitude: Type.Number(),
          longitude: Type.Number(),
          name: optional(Type.String()),
          address: optional(Type.String()),
        },
        strict,
      ),
    },
    strict,
  ),
]);

const Row = Type.Object(
  { id: Type.String(), title: Type.String(), description: optional(Type.String()) },
  strict,
);
const Actions = Type.Object(
  {
    buttons: optional(
      Type.Array(
        Type.Object(
          {
            type: Type.Enum(["url", "quick_reply", "copy_code", "phone", "flow"]),
            label: Type.String(),
            value: Type.Union([Type.String(), Type.Null()]),
          },
          strict,
        ),
      ),
    ),
    cta: optional(Type.Object({ displayText: Type.String(), url: Type.String() }, strict)),
    list: optional(
      Type.Object(
        {
          buttonLabel: Type.String(),
          sections: Type.Array(
            Type.Object({ title: optional(Type.String()), rows: Type.Array(Row) }, strict),
          ),
        },
        strict,
      ),
    ),
    flow: optional(
      Type.Object(
        {
          flowId: Type.String(),
          cta: Type.String(),
          action: Type.String(),
          screen: optional(Type.String()),
        },
        strict,
      ),
    ),
  },
  strict,
);

const OutboundContent = Type.Object(
  {
    channel: Type.Literal("whatsapp"),
    contentType: Type.Enum([
      "text",
      "media",
      "location",
      "template",
      "template_auth",
      "carousel",
      "interactive",
    ]),
    template: optional(
      Type.Object(
        {
          name: Type.String(),
          language: Type.String(),
          category: optional(Type.Enum(["AUTHENTICATION", "MARKETING", "UTILITY"])),
        },
        strict,
      ),
    ),
    header: optional(Header),
    body: optional(Text),
    footer: optional(Text),
    actions: optional(Actions),
    cards: optional(
      Type.Array(
        Type.Object({ index: Type.Integer({ minimum: 0 }), header: optional(Header) }, strict),
      ),
    ),
    meta: optional(
      Type.Object(
        {
          redacted: optional(Type.Boolean()),
          redactionReason: optional(Type.String()),
          interactiveType: optional(Type.Enum(["button", "list", "cta_url", "flow"])),
        },
        strict,
      ),
    ),
  },
  strict,
);

const WhatsApp = Type.Object(
  {
    providerErrorCode: optional(Type.String()),
    pricingCategory: optional(
      Type.Enum([
        "authentication",
        "authentication_international",
        "marketing",
        "service",
        "utility",
      ]),
    ),
  },
  { ...strict, minProperties: 1 },
);

const Payload = Type.Object(
  {
    umid: Uuid,
    batchId: optional(Uuid),
    clientMessageId: optional(Type.String()),
    clientBatchId: optional(Type.String()),
    subAccountId: Type.String(),
    channel: Type.Enum(["whatsapp", "viber", "rcs", "sms"]),
    user: Type.Object(
      { msisdn: optional(Type.String()), channelUserId: optional(Type.String()) },
      strict,
    ),
    status: Status,
    whatsapp: optional(WhatsApp),
    outboundContent: optional(OutboundContent),
    step: Type.Integer({ minimum: 1 }),
    nextChannel: optional(Type.String()),
    final: Type.Boolean(),
    flowId: optional(Type.String()),
  },
  strict,
);

const Receipt = Type.Object(
  {
    version: Type.Literal(9),
    namespace: Type.Literal("ChatApps"),
    eventType: Type.Literal("outbound_message_status_changed"),
    description: Type.Literal("ChatApps outbound message delivery receipt"),
    payload: Payload,
  },
  strict,
);

/** A receipt's payload. Throws with every fault of a body that a strict receiver could not read. */
export function readReceipt(body: string): Type.Static<typeof Payload> {
  const receipt: unknown = JSON.parse(body);
  if (Value.Check(Receipt, receipt)) return receipt.payload;
  const faults = Value.Errors(Receipt, receipt).map(
    ({ instancePath, message }) => `${instancePath} ${message}`,
  );
  throw new Error(`${faults.join("\n")}\n${body}`);
}
