// Members that several kinds of records have.
import {
  anything,
  document,
  id,
  instant,
  list,
  map,
  nullable,
  optional,
  record,
  text,
  whole,
  words,
} from "#libs/contracts/bound.ts";
import type {
  CallRoute,
  Charge,
  ConnectionRefusal,
  Content,
  OutcomeFault,
  Recipient,
  RequestFault,
  SmsOptions,
  StoryRefusal,
  StoryRoute,
} from "#libs/contracts/generated/types.ts";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  COUNTRY_LENGTH_MAX,
  CURRENCY_LENGTH_MAX,
  ERROR_CODE_LENGTH_MAX,
  ERROR_TEXT_LENGTH_MAX,
  ID_BYTES_MAX,
  INT_MAX,
  NAME_LENGTH_MAX,
  REQUEST_FAULT_COUNT_MAX,
  RICH_BYTES_MAX,
  ROUTE_COUNT_MAX,
  SEGMENT_COUNT_MAX,
  SMS_SOURCE_LENGTH_MAX,
  STEP_COUNT_MAX,
  TEXT_LENGTH_MAX,
  TTL_SECONDS_MAX,
  USER_ID_COUNT_MAX,
  WAIT_SECONDS_MAX,
} from "#libs/contracts/limits.ts";

export const messageId = id(ID_BYTES_MAX);
export const partId = id(ID_BYTES_MAX);
export const name = text(NAME_LENGTH_MAX);
export const clientId = optional(text(CLIENT_ID_LENGTH_MAX));
export const attemptIndex = whole(0, STEP_COUNT_MAX - 1);
export const ttlSeconds = nullable(whole(1, TTL_SECONDS_MAX));
export const waitMs = nullable(whole(0, WAIT_SECONDS_MAX * 1_000));
export const count = whole(0, INT_MAX);
export const segmentCount = nullable(whole(0, SEGMENT_COUNT_MAX));
export const amount = nullable(whole(0, Number.MAX_SAFE_INTEGER));
export const errorCode = nullable(words(ERROR_CODE_LENGTH_MAX));
export const errorText = nullable(words(ERROR_TEXT_LENGTH_MAX));
export const charge = nullable(
  record<Charge>({
    amountMicros: amount,
    currency: nullable(words(CURRENCY_LENGTH_MAX)),
    isBillable: anything,
    category: nullable(words(NAME_LENGTH_MAX)),
    network: nullable(words(NAME_LENGTH_MAX)),
  }),
);
export const laterInstant = nullable(instant);

export const recipient = record<Recipient>({
  msisdn: optional(text(ADDRESS_LENGTH_MAX)),
  country: optional(text(COUNTRY_LENGTH_MAX)),
  channelUserIds: map(USER_ID_COUNT_MAX, text(ADDRESS_LENGTH_MAX)),
});

export const content = record<Content>({
  type: anything,
  text: nullable(text(TEXT_LENGTH_MAX)),
  richJson: nullable(document(RICH_BYTES_MAX)),
  fallbackText: nullable(text(TEXT_LENGTH_MAX)),
  sms: nullable(
    record<SmsOptions>({ encoding: anything, source: optional(text(SMS_SOURCE_LENGTH_MAX)) }),
  ),
});

export const requestFaults = list(
  REQUEST_FAULT_COUNT_MAX,
  record<RequestFault & OutcomeFault>({
    code: name,
    path: words(ERROR_TEXT_LENGTH_MAX),
    words: words(ERROR_TEXT_LENGTH_MAX),
  }),
);

export const callRoute = nullable(
  record<CallRoute & StoryRoute>({
    connection: nullable(name),
    refusals: list(
      ROUTE_COUNT_MAX,
      record<ConnectionRefusal & StoryRefusal>({
        connection: name,
        errorCode,
        errorClass: anything,
        errorText,
      }),
    ),
  }),
);
