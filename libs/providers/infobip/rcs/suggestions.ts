// What a person may answer or do with one tap, from Google's form to Infobip's.
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { objectOf } from "../../rich-content.ts";

type ToOwn = { type: string; own: (action: JsonObject) => JsonObject };

/** By the member of an action that says what it does. */
const ACTIONS: Readonly<Record<string, ToOwn>> = {
  openUrlAction: {
    type: "OPEN_URL",
    own: ({ url, application, webviewViewMode }) => ({
      url,
      ...(application !== undefined && { application }),
      ...(webviewViewMode !== undefined && { webviewViewMode }),
    }),
  },
  dialAction: { type: "DIAL_PHONE", own: ({ phoneNumber }) => ({ phoneNumber }) },
  viewLocationAction: { type: "SHOW_LOCATION", own: placeOf },
  shareLocationAction: { type: "REQUEST_LOCATION", own: () => ({}) },
  createCalendarEventAction: {
    type: "CREATE_CALENDAR_EVENT",
    own: ({ startTime, endTime, title, description }) => ({
      startTime,
      endTime,
      title,
      ...(description !== undefined && { description }),
    }),
  },
};

/** Undefined where one is of a kind that Infobip does not know: the message would lack it. */
export function suggestionsOf(given: unknown): JsonObject[] | undefined {
  const all = Array.isArray(given) ? given.map(suggestionOf) : [];
  const known = all.filter((each) => each !== undefined);
  return known.length === all.length ? known : undefined;
}

function suggestionOf(suggestion: unknown): JsonObject | undefined {
  const { reply, action } = objectOf(suggestion);
  const { text, postbackData } = objectOf(reply ?? action);
  if (isObject(reply)) return { type: "REPLY", text, postbackData };
  const [name = ""] = Object.keys(objectOf(action)).filter((each) => each.endsWith("Action"));
  const known = ACTIONS[name];
  return (
    known && {
      type: known.type,
      text,
      postbackData,
      ...known.own(objectOf(objectOf(action)[name])),
    }
  );
}

function placeOf({ latLong, label }: JsonObject): JsonObject {
  const { latitude, longitude } = objectOf(latLong);
  return { latitude, longitude, ...(label !== undefined && { label }) };
}
