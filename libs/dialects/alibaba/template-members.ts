import { readRichContent } from "#libs/channel-ttl/rich-content.ts";
import type { Content } from "#libs/contracts/generated/types.ts";

/** What Alibaba says of a template; nothing of any other content. */
export function templateMembers({ type, richJson }: Content) {
  const { template } = richJson === null ? {} : readRichContent(richJson);
  if (type !== "TEMPLATE" || !template) return {};
  const { name, language } = template;
  return { TemplateCode: name, TemplateName: name, Language: language };
}
