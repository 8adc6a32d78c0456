// What the routes of every kind of setting have in common: find, list, change, delete.
import type { FastifyReply, FastifyRequest } from "fastify";
import { Problem } from "#libs/dialects/native/problem.ts";
import { sendList } from "#libs/http/json-list.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import { type AnySetting, type Kind, type Place } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { type Change, type SettingsWriter } from "#libs/settings/settings-writer.ts";
import { callerName } from "../../../http/caller.ts";
import { etagOf, parseExpected } from "./preconditions.ts";
import { settingView } from "./setting-view.ts";

export type Exchange = { request: FastifyRequest; reply: FastifyReply };
type Changing<K extends Kind> = Pick<Change<K>, "place" | "next"> &
  Partial<Pick<Change<K>, "expected">>;

/** Answers with the setting. Throws Problem `not-found`. */
export function showSetting(place: Place, settings: SettingsView, reply: FastifyReply) {
  const setting = settings.find(place);
  if (!setting) throw new Problem("not-found", `There is no ${place.kind} ${place.name}.`);
  return answerSetting(setting, reply);
}

/** Answers with all settings of a kind, by name. */
export function listSettings(
  place: Omit<Place, "name">,
  settings: SettingsView,
  reply: FastifyReply,
) {
  return answerList(settingViews(place, settings), reply);
}

/** All settings of a kind as they are shown, by name. */
export function settingViews({ accountId, kind }: Omit<Place, "name">, settings: SettingsView) {
  const all = [...settings.settingsOf(accountId).values()].filter((each) => each.kind === kind);
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(settingView);
}

export function answerList(items: readonly object[], reply: FastifyReply) {
  return sendList(reply, items, { before: '{"items":[', after: "]}" });
}

/** Changes a setting as `next` says, unless the headers expect another version than there is. */
export async function changeSetting<K extends Kind>(
  { place, next, expected }: Changing<K>,
  writer: SettingsWriter,
  { request, reply }: Exchange,
) {
  const setting = await writer.change({
    place,
    expected: expected ?? parseExpected(request.headers),
    by: callerName(request),
    next: (current) => {
      reply.status(current === undefined ? 201 : 200);
      return next(current);
    },
  });
  return setting && answerSetting(setting, reply);
}

/** Answers 204 without content once the setting is gone. */
export async function deleteSetting<K extends Kind>(
  { place, ...leaving }: Pick<Change<K>, "place" | "beside">,
  writer: SettingsWriter,
  { request, reply }: Exchange,
): Promise<FastifyReply> {
  await writer.change({
    ...leaving,
    place,
    expected: parseExpected(request.headers),
    by: callerName(request),
    next: (current) => {
      if (current === undefined) throw notThere(place);
      return null;
    },
  });
  return reply.status(204).send();
}

/** For a change of what must be there. */
export function notThere({ kind, name }: Place): SettingRefusal {
  return new SettingRefusal("not-found", `There is no ${kind} ${name}.`);
}

/** Refuses paths below an account that does not exist. */
export function checkAccount(accountId: string, settings: SettingsView): void {
  if (settings.findAccount(accountId)) return;
  throw new Problem("not-found", `There is no account ${accountId}.`);
}

function answerSetting(setting: AnySetting, reply: FastifyReply) {
  reply.header("etag", etagOf(setting));
  return settingView(setting);
}
