// All templates of a WhatsApp Business Account, page by page: `GET /{WABA}/message_templates`. A list that
// is not known to be whole is none: what it lacks would count as gone.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { memberOf } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { askHttp, LIST_BYTES_MAX } from "../call-http.ts";
import { faultOfProbe } from "../probe.ts";
import type { Calling, TemplateListing } from "../provider.ts";
import type { CloudCredentials, CloudOptions } from "./access.ts";
import { CloudError, wordsOf } from "./answer.ts";
import { cloudHeaders } from "./headers.ts";
import { readListed } from "./listed-template.ts";

/** Templates of a page: even carousels stay far below what is read of an answer. */
const PAGE_SIZE = 100;
/** Meta's limit is 6,000 templates a business, each in some languages. */
const PAGE_COUNT_MAX = 200;
const ITEM_COUNT_MAX = PAGE_SIZE * PAGE_COUNT_MAX;
/** Some KB for each of 6,000, in several languages; what is beyond would only fill the memory. */
const ALL_BYTES_MAX = 32 * 1024 * 1024;
/** A person waits for it. */
const WITHIN_MS = 30_000;
const FIELDS = "name,language,status,category,components,parameter_format,message_send_ttl_seconds";

const Page = Type.Object({ data: Type.Array(Type.Unknown()) });
const Refused = Type.Object({ error: CloudError });

type Account = {
  options: CloudOptions;
  credentials: Pick<CloudCredentials, "accessToken">;
};
type Pages = { items: unknown[]; byteCount: number; cursors: Set<string> };

/** Never rejects: whatever is wrong is said in words. */
export async function listTemplates(account: Account, calling: Calling): Promise<TemplateListing> {
  if (account.options.businessAccountId === undefined) return notPossible;
  const until = performance.now() + WITHIN_MS;
  const read: Pages = { items: [], byteCount: 0, cursors: new Set() };
  let after: string | undefined;
  for (let page = 0; page < PAGE_COUNT_MAX; page += 1) {
    if (performance.now() > until) return unclear(`The list did not end within ${WITHIN_MS} ms.`);
    const end = await readPage(account, { after, calling });
    if ("state" in end) return end;
    read.byteCount += end.byteCount;
    const itemCount = read.items.length + end.items.length;
    if (itemCount > ITEM_COUNT_MAX || read.byteCount > ALL_BYTES_MAX) return unclear(TOO_LONG);
    read.items.push(...end.items);
    ({ after } = end);
    if (after === undefined) return { state: "listed", ...readListed(read.items) };
    if (read.cursors.has(after)) return unclear("The list leads back to a page of before.");
    read.cursors.add(after);
  }
  return unclear(`The list has more than ${PAGE_COUNT_MAX} pages.`);
}

type Asked = { after: string | undefined; calling: Calling };
type PageEnd = { items: unknown[]; byteCount: number; after: string | undefined };

const TOO_LONG = `The list has more than ${ITEM_COUNT_MAX} templates, or ${ALL_BYTES_MAX} bytes.`;

async function readPage({ options, credentials }: Account, { after, calling }: Asked) {
  const { address: origin, apiVersion, businessAccountId } = options;
  const query = new URLSearchParams({ fields: FIELDS, limit: String(PAGE_SIZE) });
  if (after !== undefined) query.set("after", after);
  const path = `/${apiVersion}/${businessAccountId}/message_templates?${query.toString()}`;
  const headers = cloudHeaders(credentials);
  const { agent, timeoutMs } = calling;
  const limits = { timeoutMs, bytesMax: LIST_BYTES_MAX };
  const end = await askHttp(agent, { method: "GET", origin, path, headers, body: "" }, limits);
  const text = end.type === "answered" && end.statusCode < 300 ? (end.text ?? "") : "";
  const body = parseJson(text);
  if (Value.Check(Page, body)) {
    const byteCount = Buffer.byteLength(text);
    return { items: body.data, byteCount, after: nextOf(body) } satisfies PageEnd;
  }
  if (end.type === "answered" && end.text === null) {
    return unclear(`A page was cut, slow, or longer than ${LIST_BYTES_MAX} bytes.`);
  }
  return faultOfProbe(end, { origin, refusal });
}

/** The last page has cursors as well, and no `next`; Meta's own example has cursors alone. An empty one is the last. */
function nextOf(body: { data: unknown[] }): string | undefined {
  const paging = memberOf(body, "paging");
  const after = memberOf(memberOf(paging, "cursors"), "after");
  const isLast = memberOf(paging, "next") === undefined || body.data.length === 0;
  return isLast || typeof after !== "string" ? undefined : after;
}

function refusal(body: unknown): string | undefined {
  return Value.Check(Refused, body) ? wordsOf(body.error) : undefined;
}

const notPossible = {
  state: "not-possible",
  words:
    "Its option businessAccountId is missing: the WhatsApp Business Account whose templates are meant.",
} as const;

function unclear(words: string) {
  return { state: "unclear", words: `${words} Nothing of it is used.` } as const;
}
