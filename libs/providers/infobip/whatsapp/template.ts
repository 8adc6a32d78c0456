// A filled template, from Meta's form to Infobip's.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../../rich-content.ts";
import { headerContent } from "./header.ts";

const PARTS = new Set(["header", "body", "button"]);

/** Undefined where a part of it is of a kind that is not told to Infobip here. */
export function templateContent({
  name,
  language,
  components,
}: JsonObject): JsonObject | undefined {
  const parts = listOf(components);
  const parametersOf = (type: string) =>
    parts.filter((part) => part["type"] === type).flatMap((part) => listOf(part["parameters"]));
  const headers = parametersOf("header").map((each) => headerContent(each, "placeholder"));
  const buttons = parts
    .filter(({ type }) => type === "button")
    .toSorted(byIndex)
    .map(buttonOf);
  const isKnown = parts.every(({ type }) => PARTS.has(String(type)));
  if (!isKnown || headers.includes(undefined) || buttons.includes(undefined)) return undefined;
  const [header] = headers;
  return {
    templateName: name,
    language: objectOf(language)["code"],
    templateData: {
      body: { placeholders: parametersOf("body").map(textOf) },
      ...(header && { header }),
      ...(buttons.length > 0 && { buttons }),
    },
  };
}

/** A sum of money or a date is written out beside it. */
function textOf({ type, text, ...rest }: JsonObject): unknown {
  return text ?? objectOf(rest[String(type)])["fallback_value"] ?? "";
}

function buttonOf({ sub_type: subType, parameters }: JsonObject): JsonObject | undefined {
  const { text, payload, coupon_code: couponCode } = listOf(parameters)[0] ?? {};
  switch (subType) {
    case "quick_reply":
      return { type: "QUICK_REPLY", parameter: payload };
    case "url":
      return { type: "URL", parameter: text };
    case "copy_code":
      return { type: "COPY_CODE", parameter: couponCode };
    default:
      return undefined;
  }
}

function byIndex(a: JsonObject, b: JsonObject): number {
  return Number(a["index"]) - Number(b["index"]);
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
