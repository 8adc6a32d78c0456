// The groups of operations, in the order in which a newcomer needs them.

export const TAGS = {
  Messages: "Send to one person, look at what happened and why, cancel.",
  Batches: "The same for up to 10,000 people at once.",
  Rehearsals: "How a flow or a message would go. Nothing is sent.",
  Accounts: "Whose messages they are, and what holds for all of them.",
  "API keys": "Keys of an account.",
  Limits: "What accounts may spend, and on whom: the operator's word.",
  Channels: "Which channels an account has, with its senders on them.",
  Connections:
    "An account's own access to providers, such as Meta; without, messages go to simulated ones.",
  "Operator's connections": "Access to providers that the operator keeps, and accounts may use.",
  "SMS senders": "Sender ids that are registered for an account's SMS.",
  "SMS templates": "Texts with variables, for flows that are invoked by Kaleyra's API.",
  Flows: "Steps under a name: a PUT writes the draft, publishing puts it in force.",
  Templates: "What is known of an account's WhatsApp templates: how long each may be tried.",
  "Code rules": "What a provider's code leads to, where it is not what the code's class says.",
  Prices: "What messages cost, for estimates.",
  Webhooks: "Where changes of messages are posted, signed as Standard Webhooks say.",
  "Fallback rules":
    "Alibaba ChatApp's rules of an SMS that follows WhatsApp or Viber: who sends it.",
  "Fallback policies":
    "Alibaba ChatApp's policies, each with a rule: what a send names as `FallBackId`.",
  "Dead letters": "Records that nobody could handle: looked at, put back, or dropped.",
  "Admin keys": "Keys of the operator, who may change every account.",
};
export type Tag = keyof typeof TAGS;
