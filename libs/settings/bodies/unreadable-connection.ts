// What a connection is while this version cannot read it: the messages that it would carry are held
// until somebody mends it, or their time is over. Left out, they would go to another carrier.
import { Value } from "typebox/value";
import { isObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { ConnectionBody, type ConnectionSetting } from "./connection.ts";

/** Nobody knows this provider, so it opens for nobody; and it may carry any channel. */
const UNREADABLE: ConnectionSetting = {
  provider: "unreadable",
  enabled: true,
  paused: true,
  options: {},
  guid: "0".repeat(32),
  sealedCredentials: "",
};

/** Each member of the body that can be read, in place of the unreadable one's. */
export function unreadableConnection(json: string): ConnectionSetting {
  const given = parseJson(json);
  const members: Readonly<Record<string, unknown>> = isObject(given) ? given : {};
  const readable = Object.entries(ConnectionBody.properties).filter(([name, schema]) =>
    Value.Check(schema, members[name]),
  );
  const body = {
    ...UNREADABLE,
    ...Object.fromEntries(readable.map(([name]) => [name, members[name]])),
    // What could not be read may have said that this message does not go by it.
    paused: true,
  };
  return Value.Check(ConnectionBody, body) ? body : UNREADABLE;
}
