// The messages of the demonstration: the examples of 8x8's fallback guides, sent to numbers whose
// last digits tell the simulated carriers what to do (from the right: SMS, Viber, WhatsApp).

export type Story = {
  title: string;
  /** What the carriers are going to do, for the person who watches. */
  about: string;
  body: { readonly user: { readonly msisdn: string } };
  expected: {
    outcome: "SUCCEEDED" | "EXHAUSTED";
    /** 1 for the final word; 2 where late news amends it. */
    revision: number;
    duplicate: boolean;
    /** Which carriers were called, in order. */
    calls: readonly string[];
  };
};

const sms = { encoding: "AUTO", source: "SENDERID" };
const text = { type: "text", content: { text: "Hello World!", sms } };
const threeSteps = {
  ...text,
  channels: [
    { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
    { channel: "Viber", fallbackAfter: 60, successStatus: "Delivered" },
    { channel: "SMS" },
  ],
};
const twoSteps = {
  ...text,
  channels: [
    { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Delivered" },
    { channel: "SMS" },
  ],
};
const template = {
  type: "template",
  content: {
    template: {
      language: "en_US",
      name: "order_confirmation",
      components: [
        {
          type: "body",
          parameters: [
            { type: "text", text: "John" },
            { type: "text", text: "ABC-123" },
          ],
        },
      ],
    },
    fallbackText: "Hi John, your order ABC-123 has been confirmed. Thank you for shopping with us!",
    sms: { encoding: "AUTO", source: "YourBrand" },
  },
};

const succeeded = { outcome: "SUCCEEDED", revision: 1, duplicate: false } as const;

export const stories: readonly Story[] = [
  {
    title: "read",
    about: "WhatsApp is read at once",
    body: { ...threeSteps, user: { msisdn: "+65000000" } },
    expected: { ...succeeded, calls: ["whatsapp"] },
  },
  {
    title: "falls through",
    about: "WhatsApp stays silent, Viber cannot deliver, SMS gets through",
    body: { ...threeSteps, user: { msisdn: "+6599990250" } },
    expected: { ...succeeded, calls: ["whatsapp", "viber", "sms"] },
  },
  {
    title: "two steps",
    about: "WhatsApp stays silent, SMS gets through",
    body: { ...twoSteps, user: { msisdn: "+6599990200" } },
    expected: { ...succeeded, calls: ["whatsapp", "sms"] },
  },
  {
    title: "one channel",
    about: "WhatsApp alone, no fallback",
    body: { ...text, channels: [{ channel: "WhatsApp" }], user: { msisdn: "+65000000" } },
    expected: { ...succeeded, calls: ["whatsapp"] },
  },
  {
    title: "refused",
    about: "the account's default flow: WhatsApp refuses, fallbackText goes by SMS",
    body: { ...template, user: { msisdn: "+6511111300" } },
    expected: { ...succeeded, calls: ["whatsapp", "sms"] },
  },
  {
    title: "exhausted",
    about: "every channel fails",
    body: { ...threeSteps, user: { msisdn: "+6599990355" } },
    expected: {
      outcome: "EXHAUSTED",
      revision: 1,
      duplicate: false,
      calls: ["whatsapp", "viber", "sms"],
    },
  },
  {
    title: "late receipt",
    about: "WhatsApp delivers after the SMS went out: told openly, as revision 2",
    body: { ...twoSteps, user: { msisdn: "+6599990600" } },
    expected: {
      outcome: "SUCCEEDED",
      revision: 2,
      duplicate: true,
      calls: ["whatsapp", "sms"],
    },
  },
];
