// What holds for the options of every provider, whatever its schema says: they are any JSON.
import { isObject } from "#libs/json/json-object.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";

/** Every process holds all options in memory; the largest are rules for a gateway, some KiB. */
const OPTIONS_BYTES_MAX = 64 * 1024;
/** Lists of objects in objects; a body template may repeat a gateway's own structure. */
const OPTIONS_DEPTH_MAX = 12;

export type Options = Readonly<Record<string, unknown>>;

/** Throws SettingRefusal `invalid`. Asked first: what follows walks through all of it. */
export function refuseOversize(options: Options): void {
  if (isDeeper(options, OPTIONS_DEPTH_MAX)) {
    refuseWith([`/options must not be nested deeper than ${OPTIONS_DEPTH_MAX} levels.`]);
  }
  if (Buffer.byteLength(JSON.stringify(options)) > OPTIONS_BYTES_MAX) {
    refuseWith([`/options must not be longer than ${OPTIONS_BYTES_MAX} bytes.`]);
  }
}

/** URLs at whatever depth that no call could go to, and those in clear text. */
export function addressFaults(options: Options): string[] {
  return textsOf(options, "/options").flatMap(addressFault);
}

/** Throws SettingRefusal `invalid` with all faults, if there are any. */
export function refuseWith(faults: readonly string[]): void {
  if (faults.length > 0) throw new SettingRefusal("invalid", faults.join(" "));
}

function isDeeper(value: unknown, levelCount: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levelCount === 0 || Object.values(value).some((each) => isDeeper(each, levelCount - 1));
}

export type Text = { path: string; name: string; text: string };

/** Every text of a value, with its JSON pointer and the name of its member. */
export function textsOf(value: unknown, path: string, name = ""): Text[] {
  if (typeof value === "string") return [{ path, name, text: value }];
  const members = Array.isArray(value) || isObject(value) ? Object.entries(value) : [];
  return members.flatMap(([member, each]) => textsOf(each, `${path}/${escaped(member)}`, member));
}

/** As a JSON pointer has it. */
function escaped(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

/** What is called, with credentials. Other URLs are said to somebody. */
export const CALLED: ReadonlySet<string> = new Set(["address", "url", "tokenUrl"]);
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** A pattern cannot tell that a port is too high, or a host none: no call could ever be made. */
function addressFault({ path, name, text }: Text): string[] {
  // A sentence that begins with one is none.
  if (!/^https?:\S*$/.test(text)) return [];
  const url = URL.parse(text);
  // `URL` takes a backslash for a slash.
  if (!url || text.includes("\\")) {
    return [`${path} must be a URL: there is no such host or port.`];
  }
  // Credentials would be anybody's on the way.
  const isClear = url.protocol === "http:" && !LOOPBACK.has(url.hostname);
  return CALLED.has(name) && isClear ? [`${path} must begin with https://.`] : [];
}
