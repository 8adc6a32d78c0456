// What stands against one account's request stands against nobody else's.
import { assert, expect, it } from "vitest";
import { fault } from "#libs/judgement/fault.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { withBody } from "#libs/settings/setting.ts";
import { requestToInput } from "#services/send-request-consumer/handler.ts";
import { countAll } from "#services/send-request-consumer/limits.ts";
import type { NearCaps } from "#services/send-request-consumer/near-caps.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { codecOf } from "#test/support/record-codecs.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const stamp = { revision: 1, changedAt: 0, changedBy: "t" };
const place = { accountId: "demo", kind: "limits", name: "limits" } as const;
const limits = withBody({ ...place, ...stamp }, { ...NO_LIMITS, daily: { messages: 1 } });
const demo = demoView(limits).findAccount("demo");
assert(demo);
const settings = {
  ...demoView(),
  findAccount: (accountId: string) => ({ ...demo, accountId }),
};
const full = fault("messages-cap-reached", "", "is one too many");
const codec = codecOf("send-request");

it("refuses for caps the request of the account that is over them, whoever writes its id too", async () => {
  const sms = [requestedStep("sms")];
  const own = storedRequest({ accountId: "frugal", steps: sms });
  const other = { ...own, accountId: "spent" };
  const caps = {
    take: async ({ account }: { account: { accountId: string } }) => ({
      faults: account.accountId === "spent" ? [full] : [],
      near: [],
    }),
  };
  const overCaps = await countAll([own, other], {
    caps,
    settings,
    tellNear: async () => undefined,
  });
  const [first, second] = [own, other].map((value) => {
    const record = { topic: "", partition: 0, offset: "0", key: null, headers: {}, timestamp: 0 };
    const read = { value, faults: [], bytes: codec.encode(value) };
    return requestToInput({ ...record, ...read }, { codec, settings, overCaps });
  });
  expect(first).toMatchObject({ accountId: "frugal", overCaps: [] });
  expect(second).toMatchObject({ accountId: "spent", overCaps: [full] });
});

it("tells of caps that are near what is taken, and of nothing that is refused", async () => {
  const near = [fault("segments-cap-reached", "", "makes it 9 of the day's 10 segments")];
  const [taken, refused] = ["m-1", "m-2"].map((messageId) =>
    storedRequest({ messageId, steps: [requestedStep("sms")] }),
  );
  assert(taken && refused);
  const caps = {
    take: async ({ request }: { request: { messageId: string } }) => ({
      faults: request.messageId === "m-2" ? [full] : [],
      near,
    }),
  };
  const told: unknown[] = [];
  const tellNear = async (each: NearCaps) => void told.push(each);
  await countAll([taken, refused], { caps, settings, tellNear });
  expect(told).toMatchObject([{ messageId: "m-1", near }]);
});
