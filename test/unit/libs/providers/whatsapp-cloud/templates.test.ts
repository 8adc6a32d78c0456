// Meta's list of templates, as Meta's own description shows it, becomes settings; whatever is no whole list is none.

import { Agent } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { templateChanges } from "#libs/connections/template-changes.ts";
import { listTemplates } from "#libs/providers/whatsapp-cloud/list-templates.ts";
import { readListed } from "#libs/providers/whatsapp-cloud/listed-template.ts";
import type { BodyOf, SettingOf } from "#libs/settings/setting.ts";
import {
  BUSINESS_ACCOUNT_ID,
  type CloudApi,
  cloudCredentials,
  PHONE_NUMBER_ID,
  startCloudApi,
} from "#test/support/cloud-api.ts";

const words = { type: "BODY", text: "Hi {{1}}, use {{2}}!" };

function listed(name: string, more: object = {}) {
  const usual = { language: "en_US", status: "APPROVED", category: "MARKETING" };
  return { id: "1", name, ...usual, components: [words], ...more };
}

function read(more: object) {
  return readListed([listed("promo", more)]).templates[0];
}

function utility(seconds: unknown) {
  return read({ category: "UTILITY", message_send_ttl_seconds: seconds });
}

describe("a template", () => {
  it("has the words, the category and the language that Meta's own example has", () => {
    const components = [
      { format: "TEXT", text: "Fall Sale", type: "HEADER" },
      { ...words, example: { body_text: [["Mark", "FALL25"]] } },
      { text: "Not interested? Tap Stop Promotions", type: "FOOTER" },
      { buttons: [{ text: "Stop promotions", type: "QUICK_REPLY" }], type: "BUTTONS" },
    ];
    expect(read({ components, parameter_format: "POSITIONAL" })).toEqual({
      channel: "whatsapp",
      name: "promo",
      language: "en_US",
      category: "marketing",
      status: "approved",
      text: words.text,
      format: "interactive",
    });
  });

  it.each([
    ["APPROVED", "approved"],
    ["PENDING", "pending"],
    ["IN_APPEAL", "pending"],
    ["PAUSED", "pending"],
    ["REJECTED", "rejected"],
    ["DISABLED", "rejected"],
    ["A_NEW_WORD", "rejected"],
  ])("that is %s is %s", (status, known) => {
    expect(read({ status })).toMatchObject({ status: known });
  });

  it("has a time to live where Meta takes it for the category", () => {
    expect(utility(600)).toMatchObject({ ttlSeconds: 600 });
    for (const odd of [-1, 86_400, "600"]) expect(utility(odd)).not.toHaveProperty("ttlSeconds");
  });

  it("with a picture is one of media", () => {
    const components = [{ type: "HEADER", format: "IMAGE" }, words];
    expect(read({ components })).toMatchObject({ format: "media", text: words.text });
  });

  it("whose name is no text is told", () => {
    const { oddities } = readListed([{ name: { toString: 1, valueOf: 1 }, language: "en" }]);
    expect(oddities).toMatchObject([{ id: "?.en" }]);
  });

  it("that settings cannot hold is told, and loses no other", () => {
    const items = [listed("a"), listed("b", { category: "NEW" }), { name: "c" }, 7, listed("d")];
    const { templates, oddities } = readListed(items);
    expect(templates.map(({ name }) => name)).toEqual(["a", "d"]);
    expect(oddities).toMatchObject([{ id: "b.en_US" }, { id: "c.?" }, {}]);
  });
});

function of(name: string, more: Partial<BodyOf<"template">> = {}): BodyOf<"template"> {
  return { channel: "whatsapp", name, language: "en", category: "utility", ...more };
}

function kept(body: BodyOf<"template">, revision: number): SettingOf<"template"> {
  const place = { accountId: "demo", kind: "template", name: `${body.name}.en` } as const;
  return { ...place, revision, changedAt: 0, changedBy: "demo/key", body };
}

describe("what differs", () => {
  const syncedFrom = "meta";

  it("is new, changed or gone, and what a person made is told apart", () => {
    const found = [
      kept(of("same", { syncedFrom }), 1),
      kept(of("changed", { syncedFrom, text: "Old" }), 2),
      kept(of("gone", { syncedFrom }), 3),
      kept(of("by_hand", { text: "Mine" }), 4),
      kept(of("by_hand_alike"), 5),
      kept(of("mine_alone"), 6),
      kept(of("of_another", { syncedFrom: "other" }), 7),
      kept(of("unread", { syncedFrom }), 8),
    ];
    const templates = ["same", "changed", "by_hand", "by_hand_alike", "new"].map((name) =>
      of(name),
    );
    const oddities = [{ id: "unread.en", words: "It is odd." }];
    expect(templateChanges({ templates, oddities }, found, "meta")).toEqual([
      {
        action: "change",
        id: "by_hand.en",
        before: of("by_hand", { text: "Mine" }),
        after: of("by_hand", { syncedFrom }),
        revision: 4,
        isOthers: true,
      },
      expect.objectContaining({ action: "change", id: "changed.en", revision: 2, isOthers: false }),
      expect.objectContaining({ action: "delete", id: "gone.en", revision: 3, isOthers: false }),
      { action: "add", id: "new.en", after: of("new", { syncedFrom }), isOthers: false },
    ]);
  });
});

function page(data: unknown, after = "end") {
  const paging = { cursors: { before: "x", after } };
  const isLast = after === "end";
  return {
    status: 200,
    body: { data, paging: isLast ? paging : { ...paging, next: "https://graph.example/next" } },
  };
}

describe("the list", () => {
  const agent = new Agent();
  let api: CloudApi;
  beforeAll(async () => {
    api = await startCloudApi();
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await agent.close();
  });
  const asked: URLSearchParams[] = [];
  beforeEach(() => void asked.splice(0));

  const list = (timeoutMs = 5_000, token = cloudCredentials.accessToken) => {
    const options = {
      phoneNumberId: PHONE_NUMBER_ID,
      businessAccountId: BUSINESS_ACCOUNT_ID,
      apiVersion: "v25.0",
      address: api.url,
    };
    return listTemplates({ options, credentials: { accessToken: token } }, { agent, timeoutMs });
  };
  it("is read page by page, by Meta's cursors", async () => {
    api.templates = (query) => {
      asked.push(query);
      return query.get("after") === null ? page([listed("a")], "MjQZD") : page([listed("b")]);
    };
    expect(await list()).toMatchObject({
      state: "listed",
      templates: [{ name: "a" }, { name: "b" }],
    });
    expect(asked.map((query) => query.get("after"))).toEqual([null, "MjQZD"]);
  });

  it.each<[string, CloudApi["templates"]]>([
    ["is HTML", () => "<html>Sorry</html>"],
    ["is longer than 3 MB", () => page(["x".repeat(10 * 1024 * 1024)])],
    ["leads back to where it was", () => page([listed("a")], "again")],
    ["never ends", () => page([listed("a")], String(asked.push(new URLSearchParams())))],
    ["is of another shape", () => page({ a: 1 })],
    [
      "is more templates than any business has",
      () => page(Array.from({ length: 30_000 }, () => 1)),
    ],
    [
      "fills the memory page by page",
      () => page(["x".repeat(2_900_000)], String(asked.push(new URLSearchParams()))),
    ],
    [
      "ends in an error",
      (query) =>
        query.get("after") === null
          ? page([listed("a")], "b")
          : { status: 500, body: { error: { code: 2, message: "Try later" } } },
    ],
  ])("that %s is none, and says why", async (_name, templates) => {
    api.templates = templates;
    expect(await list()).toEqual({ state: "unclear", words: expect.stringMatching(/\w/) });
  });

  it("of whom Meta does not know is refused in Meta's words", async () => {
    const refused = await list(5_000, "another token");
    expect(refused).toMatchObject({ state: "refused", words: expect.stringContaining("OAuth") });
  });
});
