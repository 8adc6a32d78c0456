// 8x8's error codes as far as this dialect answers with them. Codes and their meanings are from
// https://developer.8x8.com/connect/docs/api-error-codes (read July 2026); where that page does not
// tie a code to an HTTP status, the class of the status is the one that its table suggests.

export const errorCodes = {
  1000: { status: 400, message: "Invalid parameter" },
  1001: { status: 400, message: "Invalid sub-account id" },
  1003: { status: 400, message: "Invalid encoding" },
  1004: { status: 400, message: "Invalid text" },
  1005: { status: 400, message: "Invalid source" },
  1006: { status: 400, message: "Invalid expiry" },
  1008: { status: 400, message: "Invalid id" },
  1010: { status: 400, message: "Parameter out of range" },
  1011: { status: 400, message: "Invalid schedule time" },
  1200: { status: 401, message: "Unauthorised access" },
  1201: { status: 403, message: "Access forbidden" },
  1300: { status: 404, message: "Not found" },
  2000: { status: 500, message: "Internal error" },
  2001: { status: 501, message: "Not implemented" },
  3001: { status: 400, message: "User is missing" },
  3002: { status: 400, message: "MSISDN is missing" },
  3003: { status: 400, message: "Invalid MSISDN" },
  3004: { status: 400, message: "Content is missing" },
  3005: { status: 400, message: "Text is missing" },
  3006: { status: 400, message: "Text is too long" },
  3007: { status: 400, message: "Media URL is missing" },
  3009: { status: 400, message: "ClientMessageId is too long" },
  3010: { status: 400, message: "Invalid content type" },
  3011: { status: 400, message: "SMS source is too long" },
  3017: { status: 400, message: "Fallback text is too long" },
  3018: { status: 400, message: "Invalid country code" },
  3020: { status: 400, message: "Invalid DR callback URL" },
  3021: { status: 400, message: "Empty or invalid location" },
  3022: { status: 400, message: "Invalid fallback channel" },
  3023: { status: 400, message: "Invalid fallback delay range" },
  3024: { status: 400, message: "Invalid fallback status" },
  3025: { status: 400, message: "Status Delivered is not possible for the channel" },
  3026: { status: 400, message: "Status Read is not possible for the channel" },
  3027: { status: 400, message: "Invalid fallback sub-account channel" },
  3030: { status: 400, message: "Empty template" },
  3051: { status: 400, message: "Invalid fallback channel id" },
} as const;

export type ErrorCode = keyof typeof errorCodes;
