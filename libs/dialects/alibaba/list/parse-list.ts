// `ListChatappMessage`: which messages are asked for.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  INSTANT_MAX,
  NAME_LENGTH_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import { invalid } from "#libs/dialects/alibaba/api-error.ts";
import {
  checkSpace,
  type GivenParameters,
  optionalText,
  parameterParser,
} from "#libs/dialects/alibaba/read-parameters.ts";
import { bareNumber } from "#libs/dialects/bare-address.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import { messageRow } from "./message-row.ts";

/** As many are looked at for one answer. */
const REACH_COUNT_MAX = 2_000;
const PAGE_SIZE_MAX = 100;

const Instant = Type.Optional(Type.Integer({ minimum: 0, maximum: INSTANT_MAX }));
const Index = Type.Integer({ minimum: 1, maximum: REACH_COUNT_MAX });
const Size = Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX });

const ListParameters = Type.Object(
  {
    BusinessNumber: optionalText(NAME_LENGTH_MAX),
    // Alibaba's own example writes it in capitals.
    ChannelType: optionalText(NAME_LENGTH_MAX),
    CustSpaceId: optionalText(CLIENT_ID_LENGTH_MAX),
    StartTime: Instant,
    EndTime: Instant,
    GroupMessageId: optionalText(CLIENT_ID_LENGTH_MAX),
    MessageStatus: optionalText(NAME_LENGTH_MAX),
    TemplateCode: optionalText(TEMPLATE_NAME_LENGTH_MAX),
    UserNumber: optionalText(ADDRESS_LENGTH_MAX),
    // Clients send it as JSON, or flat.
    Page: Type.Optional(Type.Object({ Index, Size }, { additionalProperties: false })),
    "Page.Index": Type.Optional(Index),
    "Page.Size": Type.Optional(Size),
  },
  { additionalProperties: false },
);
type ListParameters = Static<typeof ListParameters>;

const parseShape = parameterParser(ListParameters);

export type ParsedList = {
  query: {
    fromMs: number;
    toMs: number;
    after: null;
    countMax: number;
    matches: (message: KnownMessage) => boolean;
  };
  /** So many of the answer's first messages are of earlier pages. */
  skipCount: number;
};

/** Newest first. Throws ApiError, also for a page that lies deeper than 2,000 messages. */
export function parseList(given: GivenParameters, { accountId }: Account): ParsedList {
  const parameters = parseShape(given);
  const { CustSpaceId, Page, StartTime = 0, EndTime = INSTANT_MAX } = parameters;
  checkSpace(CustSpaceId, accountId);
  const index = Page?.Index ?? parameters["Page.Index"] ?? 1;
  const size = Page?.Size ?? parameters["Page.Size"] ?? 10;
  const countMax = index * size;
  if (countMax > REACH_COUNT_MAX) {
    throw invalid("Page", `must lie within the newest ${REACH_COUNT_MAX} messages`);
  }
  const matches = (message: KnownMessage) => isAskedFor(parameters, message);
  const query = { fromMs: StartTime, toMs: EndTime, after: null, countMax, matches };
  return { query, skipCount: countMax - size };
}

function isAskedFor(parameters: ListParameters, message: KnownMessage): boolean {
  const { ChannelType, BusinessNumber, UserNumber, TemplateCode } = parameters;
  const { MessageStatus, GroupMessageId } = parameters;
  const row = messageRow(message);
  return [
    [ChannelType?.toLowerCase(), row.ChannelType],
    [bareOf(BusinessNumber), row.BusinessNumber],
    [bareOf(UserNumber), row.UserNumber],
    [TemplateCode, "TemplateCode" in row ? row.TemplateCode : ""],
    [MessageStatus?.toLowerCase(), row.MessageStatus],
    [GroupMessageId, message.request.batchId],
  ].every(([asked, is]) => asked === undefined || asked === is);
}

/** A number however it is written, as rows have it; what is none, a person's id or a sender's name, as it is. */
function bareOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : bareNumber(parseNumber(written, null) ?? written);
}
