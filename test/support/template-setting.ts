import type { AnySetting, BodyOf } from "#libs/settings/setting.ts";
import { withBody } from "#libs/settings/setting.ts";

/** A template of account `demo` in English. */
export function templateSetting(
  template: Pick<BodyOf<"template">, "name" | "category" | "ttlSeconds" | "status">,
): AnySetting {
  const place = { accountId: "demo", kind: "template", name: `${template.name}.en` } as const;
  const stamp = { revision: 1, changedAt: 0, changedBy: "test" };
  return withBody({ ...place, ...stamp }, { channel: "whatsapp", language: "en", ...template });
}
