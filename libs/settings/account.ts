// What an account configures, as every service sees it.

/** A step of an account's flow, before it is scaled and completed for a message. */
export type FlowSettingStep = {
  channel: string;
  waitSeconds: number | null;
  wanted: "ACCEPTED" | "SENT" | "DELIVERED" | "READ";
};

export type Account = {
  accountId: string;
  /** Channel name -> the sender that is used where a request names none. */
  senders: Readonly<Record<string, string>>;
  /** How many segments an SMS may have, 1 to 10. */
  smsSegmentsMax: number;
  /** Used for requests that name neither steps nor a flow. */
  defaultFlow: readonly FlowSettingStep[];
};

export type Settings = {
  findAccount(accountId: string): Account | undefined;
  /** The account that an API key belongs to; undefined for a key that is not known. */
  findAccountByKey(apiKey: string): Account | undefined;
};
