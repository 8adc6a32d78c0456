// The parameters of an action held against its schema.
import { type Static, type TSchema, Type } from "typebox";
import { ApiError, apiError, invalid, missing } from "#libs/dialects/alibaba/api-error.ts";
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { givenParser, refusing, type ShapeError } from "#libs/json/parse-given.ts";

/** Parameters by name, those of JSON as what it says; an empty text says nothing. */
export type GivenParameters = Readonly<Record<string, unknown>>;

/** What all actions are called with: it is the gateway's business. */
const GATEWAYS = [
  "AccessKeyId",
  "Action",
  "Format",
  "RegionId",
  "ResourceOwnerAccount",
  "ResourceOwnerId",
  "OwnerId",
  "SecurityToken",
  "Signature",
  "SignatureMethod",
  "SignatureNonce",
  "SignatureType",
  "SignatureVersion",
  "Timestamp",
  "Version",
];
/** A text that may be left out. */
export function optionalText(maxLength: number) {
  return Type.Optional(Type.String({ minLength: 1, maxLength }));
}

/** Throws ApiError for a space that is not the account's own. */
export function checkSpace(custSpaceId: string | undefined, accountId: string): void {
  const isOwn = custSpaceId === undefined || custSpaceId === accountId;
  if (!isOwn) throw apiError("Ram.PermissionDeny");
}

/** Parameters whose text is JSON. */
export const JSON_PARAMETERS: readonly string[] = [
  "Content",
  "TemplateParams",
  "SenderList",
  "Page",
];

/** Sent as text like every parameter. */
const INTEGERS = ["EndTime", "FallBackDuration", "Page.Index", "Page.Size", "StartTime", "Ttl"];

/** For an action's schema; the parser throws ApiError for the first parameter that is wrong, with all. */
export function parameterParser<Schema extends TSchema>(schema: Schema) {
  const parse = refusing(givenParser(schema), refusalOf);
  return (given: GivenParameters): Static<Schema> => {
    const named = Object.entries(given).filter(([name]) => !GATEWAYS.includes(name));
    return parse(Object.fromEntries(named.map(([name, value]) => [name, valueOf(name, value)])));
  };
}

function valueOf(name: string, value: unknown): unknown {
  const isInteger = INTEGERS.includes(name) && typeof value === "string";
  return isInteger && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

function refusalOf({ faults }: ShapeError): ApiError {
  const [first] = faults;
  if (!first) return invalid("", "is not valid");
  const { path, keyword, members: [member = ""] = [] } = first;
  if (path === "" && keyword === "required") return missing(member);
  if (path === "" && keyword === "additionalProperties") return unsupported(member);
  const all = faults.map((fault) => `${dottedPath(fault.path)} ${fault.words}`);
  const name = path.split("/")[1] ?? "";
  return new ApiError(400, `InvalidParameter.${name}`, `${all.join("; ")}.`);
}

function unsupported(name: string): ApiError {
  const words = `The parameter ${name} is not served.`;
  return new ApiError(400, `UnsupportedParameter.${name}`, words);
}
