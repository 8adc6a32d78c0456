// A message that WhatsApp left unread and an SMS got through, as the document shows it.

export const ID = "7c1f2d7e-6a0f-4d8b-9f60-3c3a7a8c1d55";

const standing = {
  messageId: ID,
  clientMessageId: "order-1701",
  phase: "ENDED",
  outcome: "SUCCEEDED",
  revision: 1,
  duplicate: false,
  lateSuccess: false,
  recipient: { msisdn: "+65******67", idsOn: [] },
  requestedAt: "2026-11-21T12:00:00.000Z",
};

export const summaryExample = {
  ...standing,
  channel: "sms",
  attemptCount: 2,
  endedAt: "2026-11-21T12:01:01.400Z",
};

export const messageExample = {
  ...standing,
  accountId: "acme",
  contentType: "TEXT",
  purpose: "TRANSACTIONAL",
  dialect: "native",
  steps: [
    {
      channel: "whatsapp",
      sender: "ACME",
      waitMs: 60_000,
      wanted: "READ",
      onFailure: "NEXT",
    },
    { channel: "sms", sender: "ACME", wanted: "DELIVERED", onFailure: "NEXT" },
  ],
  cost: { amount: 450, currency: "EUR" },
  attempts: [
    {
      attemptIndex: 0,
      channel: "whatsapp",
      startedAt: "2026-11-21T12:00:00.020Z",
      deadlineAt: "2026-11-21T12:01:00.020Z",
      status: "SENT",
      endedAt: "2026-11-21T12:01:00.031Z",
      provider: "simulated-whatsapp",
    },
    {
      attemptIndex: 1,
      channel: "sms",
      startedAt: "2026-11-21T12:01:00.031Z",
      deadlineAt: "2026-11-24T12:01:00.031Z",
      status: "DELIVERED",
      endedAt: "2026-11-21T12:01:01.400Z",
      provider: "simulated-sms",
      segmentCount: 1,
      cost: { amount: 450, currency: "EUR" },
    },
  ],
  story: [
    {
      at: "2026-11-21T12:01:01.400Z",
      type: "MESSAGE_ENDED",
      rule: "wanted-status",
      attemptIndex: 1,
      channel: "sms",
      outcome: "SUCCEEDED",
      revision: 1,
      text: "Succeeded by SMS.",
    },
  ],
};

const { phase, outcome, story } = messageExample;
export const storyExample = { messageId: ID, phase, outcome, story };
