// Of the templates that an account has, only those that WhatsApp has approved may be sent.
import { expect, it } from "vitest";
import { nameFaults } from "#libs/judgement/name-faults.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { templateSetting } from "#test/support/template-setting.ts";

type Status = NonNullable<BodyOf<"template">["status"]>;

function faultsOf(status: Status | undefined): string[] {
  const setting = templateSetting({
    name: "otp",
    category: "authentication",
    ...(status && { status }),
  });
  const account = demoView(setting).findAccount("demo")!;
  const request = storedRequest();
  const richJson = JSON.stringify({ template: { name: "otp", language: "en" } });
  const content = { ...request.content, type: "TEMPLATE" as const, richJson };
  return nameFaults({ ...request, content }, request.steps, account)
    .filter(({ code }) => code === "unknown-template")
    .map(({ words }) => words);
}

it.each<Status>(["pending", "rejected"])("refuses one that is %s", (status) => {
  expect(faultsOf(status)).toEqual([`is not approved: otp in en is ${status}`]);
});

it("takes one that is approved, and one of which nobody has said anything", () => {
  expect([...faultsOf("approved"), ...faultsOf(undefined)]).toEqual([]);
});
