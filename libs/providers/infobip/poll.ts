// Infobip's reports by asking: `GET /sms/3/reports` and its like, which hand each report out once.
import { memberOf } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { askHttp, LIST_BYTES_MAX } from "../call-http.ts";
import { faultOfProbe } from "../probe.ts";
import type { Calling, Polled } from "../provider.ts";
import type { InfobipCredentials, InfobipOptions } from "./access.ts";
import { infobipWords } from "./probe.ts";

/**
 * What is lost where a process ends between Infobip's answer and Kafka's. Infobip hands out 1,000 at most,
 * and 500 of the longest stay below what is read.
 */
const BATCH_COUNT = 500;

/** As its OpenAPI has them; it documents none for WhatsApp. */
const PATHS: Readonly<Record<string, string>> = {
  sms: "/sms/3/reports",
  viber: "/viber/2/reports",
  rcs: "/rcs/2/reports",
};

type Account = {
  options: Pick<InfobipOptions, "address">;
  credentials: Pick<InfobipCredentials, "apiKey">;
};

/** Never rejects. */
export async function pollInfobip(
  { options: { address: origin }, credentials }: Account,
  { agent, timeoutMs }: Calling,
  channel: string,
): Promise<Polled> {
  const reports = PATHS[channel];
  if (reports === undefined) return { type: "read", body: NOTHING, countMax: BATCH_COUNT };
  const path = `${reports}?limit=${BATCH_COUNT}`;
  const headers = { authorization: `App ${credentials.apiKey}`, accept: "application/json" };
  const limits = { timeoutMs, bytesMax: LIST_BYTES_MAX };
  const end = await askHttp(agent, { method: "GET", origin, path, headers, body: "" }, limits);
  if (end.type !== "answered") return failed(faultOfProbe(end, { origin, refusal: infobipWords }));
  const { statusCode, text, retryAfterMs } = end;
  if (statusCode === 200 && text === null) {
    return failed({ words: `A batch was cut, slow, or longer than ${LIST_BYTES_MAX} bytes.` });
  }
  if (statusCode === 200 && Array.isArray(memberOf(parseJson(text ?? ""), "results"))) {
    return { type: "read", body: Buffer.from(text ?? ""), countMax: BATCH_COUNT };
  }
  return failed(faultOfProbe(end, { origin, refusal: infobipWords }), retryAfterMs);
}

function failed({ words }: { words: string }, retryAfterMs = 0): Polled {
  return { type: "failed", words, retryAfterMs };
}

const NOTHING = Buffer.from('{"results":[]}');
