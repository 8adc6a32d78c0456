import { assert, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { withBody } from "#libs/settings/setting.ts";
import { targetsOf } from "#services/webhook-notifier/targets.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const hook = withBody(
  { ...stamp, kind: "webhook", name: "ours" },
  {
    url: "https://hook.example/",
    format: "native",
    type: "CADR",
    enabled: true,
    createdAt: "2026-11-21T12:00:00.000Z",
    sealedSecret: "sealed",
    secretChangedAt: "2026-11-21T12:00:00.000Z",
  },
);
const account = demoView(hook).findAccount("demo");
assert(account);

/** Of the message as a whole, and of its three steps: where each is told. */
function toldAt(more: Partial<SendRequest>): string[][] {
  const targets = targetsOf({ accountId: "demo" }, storedRequest(more), account);
  return [null, 0, 1, 2].map((index) =>
    targets.filter(({ isFor }) => isFor(index)).map(({ url, hook: name }) => url ?? name ?? ""),
  );
}

const [A, B] = ["https://a.example/", "https://b.example/"];
const steps = [null, A, B].map((callbackUrl) => requestedStep("sms", { callbackUrl }));

it("tells a step at its own URL, all else at the message's, and nothing twice", () => {
  expect(toldAt({ callbackUrl: A, steps })).toEqual([[A], [A], [A], [B]]);
});

it("tells the account's webhooks what has no URL of its own, also of a flow's steps", () => {
  expect(toldAt({ steps })).toEqual([["ours"], ["ours"], [A], [B]]);
  expect(toldAt({ steps: [] })).toEqual([["ours"], ["ours"], ["ours"], ["ours"]]);
});
