import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { placeOf } from "#deploy/terminal/settings/apply-changes.ts";
import type { Body, CollectionName, FoundItem } from "#deploy/terminal/settings/collections.ts";
import { diffSettings } from "#deploy/terminal/settings/diff-settings.ts";
import { withCredentials } from "#deploy/terminal/settings/file-credentials.ts";
import { planChanges } from "#deploy/terminal/settings/plan-changes.ts";
import { showChanges } from "#deploy/terminal/settings/show-changes.ts";

type Items = Partial<Record<CollectionName, Record<string, Body>>>;

const account = { name: "Shop", defaultFlow: "old" };
const oldItems: Items = {
  "sms-senders": { OLD: {} },
  channels: { sms: { senders: ["A", "B"], enabled: true }, viber: { senders: ["A"] } },
  "fallback-rules": { R: { sendId: "A" } },
  flows: { old: { steps: [{ channel: "sms", sender: "A" }] } },
};
const newItems: Items = {
  "sms-senders": {},
  channels: { sms: { senders: ["C", "B"], enabled: true } },
  "fallback-rules": { R: { sendId: "C" } },
  flows: { new: { steps: [{ channel: "sms", sender: "C" }] } },
};

it("finds nothing to change where file and account agree", () => {
  expect(diff(account, oldItems, { prune: true })).toEqual([]);
});

it("tells the paths that differ, with the value before and after", () => {
  const changed = { ...oldItems, flows: { old: { steps: [{ channel: "sms", sender: "B" }] } } };
  expect(diff({ name: "Shop" }, changed)).toMatchObject([
    { collection: "account", paths: [{ path: "defaultFlow", from: "old", to: undefined }] },
    { collection: "flows", paths: [{ path: "steps.0.sender", from: "A", to: "B" }] },
  ]);
});

it.each([
  [false, "leave channels/viber"],
  [true, "delete channels/viber"],
])("leaves what the file does not name, unless it is to prune: %s", (prune, expected) => {
  const changes = diff(account, { channels: { sms: oldItems.channels!["sms"]! } }, { prune });
  expect(changes.map((change) => `${change.action} ${placeOf(change)}`)).toEqual([expected]);
});

it("never deletes a flow that somebody is drafting", () => {
  const drafted = new Map([["draft", { body: {}, revision: 1, isDraft: true } as const]]);
  const found = {
    account: { body: account, revision: 1 },
    items: new Map([["flows", drafted]] as const),
  };
  const wanted = { accountId: "shop", account, items: new Map([["flows", new Map()]] as const) };
  expect(diffSettings(wanted, found, { prune: true })).toEqual([]);
});

it("keeps the GUID that the account has where the file names none", () => {
  const there = { body: { ...account, guid: "g" }, revision: 1 };
  const wanted = { accountId: "shop", account, items: new Map() };
  expect(diffSettings(wanted, { account: there, items: new Map() }, { prune: false })).toEqual([]);
});

it("plans an order in which nothing ever names what is not there", () => {
  const changes = diff({ name: "Shop!", defaultFlow: "new" }, newItems, { prune: true });
  expect(steps(changes)).toEqual([
    'PUT account/shop {"name":"Shop!","defaultFlow":"old"}',
    'PUT channels/sms {"senders":["C","B","A"],"enabled":true}',
    'PUT fallback-rules/R {"sendId":"C"}',
    'PUT flows/new {"steps":[{"channel":"sms","sender":"C"}]}',
    "POST flows/new publish",
    'PUT account/shop {"name":"Shop!","defaultFlow":"new"}',
    "DELETE flows/old",
    "DELETE channels/viber",
    "DELETE sms-senders/OLD",
    'PUT channels/sms {"senders":["C","B"],"enabled":true}',
  ]);
});

it("makes a new account without its default flow first", () => {
  const wanted = { accountId: "shop", account, items: toMaps(oldItems, (body) => body) };
  const changes = diffSettings(wanted, { items: new Map() }, { prune: false });
  expect(steps(changes)).toEqual([
    'PUT account/shop {"name":"Shop"}',
    "PUT sms-senders/OLD {}",
    'PUT channels/sms {"senders":["A","B"],"enabled":true}',
    'PUT channels/viber {"senders":["A"]}',
    'PUT fallback-rules/R {"sendId":"A"}',
    'PUT flows/old {"steps":[{"channel":"sms","sender":"A"}]}',
    "POST flows/old publish",
    'PUT account/shop {"name":"Shop","defaultFlow":"old"}',
  ]);
});

it("shows a preview that a person can read", () => {
  const changes = diff(account, newItems);
  expect(
    stripVTControlCharacters(showChanges(changes)),
  ).toBe(`    sms-senders/OLD is not in the file
  ~ channels/sms
      senders: ["A","B"] -> ["C","B"]
    channels/viber is not in the file
  ~ fallback-rules/R
      sendId: A -> C
  + flows/new
      steps:
        - channel: sms
          sender: C
    flows/old is not in the file

1 to add, 2 to change, 3 not in the file and left as they are (--prune deletes them).`);
});

function diff(wanted: Body, items: Items, { prune } = { prune: false }, there = oldItems) {
  const found = toMaps(there, (body): FoundItem => ({ body, revision: 1 }));
  return diffSettings(
    { accountId: "shop", account: wanted, items: toMaps(items, (body) => body) },
    { account: { body: account, revision: 1 }, items: found },
    { prune },
  );
}

function toMaps<Item>(items: Items, toItem: (body: Body) => Item) {
  return new Map(
    Object.entries(items).map(([collection, all]) => {
      const entries = Object.entries(all).map(([name, body]) => [name, toItem(body)] as const);
      return [collection as CollectionName, new Map(entries)] as const;
    }),
  );
}

function steps(changes: Parameters<typeof planChanges>[0]): string[] {
  return planChanges(changes).map((operation) => {
    const place = `${operation.method} ${placeOf(operation.change)}`;
    if (operation.method === "PUT") return `${place} ${JSON.stringify(operation.body)}`;
    return operation.method === "POST" ? `${place} ${operation.action}` : place;
  });
}

const gateway = { provider: "generic-http", enabled: true, options: { channel: "sms" } };
const credentials = { apiKey: "${GATEWAY_KEY}", token: "${GATEWAY_TOKEN}" };
const keep = { prune: false };
const there: Items = { connections: { gateway: { ...gateway, channels: ["sms"] } } };

it("finds no change of a connection in its credentials, nor in channels that the file leaves out", () => {
  expect(
    diff(account, { connections: { gateway: { ...gateway, credentials } } }, keep, there),
  ).toEqual([]);
});

it("puts credentials from the environment with every other change, and shows none of them", () => {
  const changed = { ...gateway, label: "National", credentials };
  const changes = diff(account, { connections: { gateway: changed, next: changed } }, keep, there);
  const env = { GATEWAY_KEY: "hidden-1", GATEWAY_TOKEN: "hidden-2" };
  const operations = withCredentials(planChanges(changes), env);
  const filled = { apiKey: "hidden-1", token: "hidden-2" };
  expect(operations).toMatchObject([
    { method: "PUT", body: { label: "National", channels: ["sms"], credentials: filled } },
    { method: "PUT", body: { label: "National", credentials: filled } },
  ]);
  expect(showChanges(changes)).not.toContain("hidden");
  expect(() => withCredentials(planChanges(changes), { GATEWAY_KEY: "hidden-1" })).toThrow(
    "The file's credentials need GATEWAY_TOKEN in the environment.",
  );
});
