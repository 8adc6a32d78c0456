// An SMS that gets through, as its rehearsal is shown in the document.

export const rehearsalExample = {
  rehearsals: [
    {
      behaviours: [{ step: 0, channel: "sms", behaviour: "delivered" }],
      outcome: "SUCCEEDED",
      channel: "sms",
      duplicate: false,
      durationMs: 2_000,
      duplicateRisk: "none",
      attempts: [
        {
          attemptIndex: 0,
          channel: "sms",
          status: "DELIVERED",
          startedAfterMs: 0,
          endedAfterMs: 2_000,
          callCount: 1,
          segmentCount: 1,
        },
      ],
      story: [
        {
          afterMs: 2_000,
          type: "MESSAGE_ENDED",
          rule: "wanted-status",
          attemptIndex: 0,
          channel: "sms",
          text: "Succeeded by SMS.",
        },
      ],
    },
  ],
  warnings: [],
};
