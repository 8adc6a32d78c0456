// What fills the text of a template: Viber and RCS know no other parts of one.
import { isObject } from "#libs/json/json-object.ts";
import { objectOf } from "../rich-content.ts";

/** Named where the sender names them, else by place, from 1. Undefined where there is more than texts in a body. */
export function textParameters(components: unknown): { name: string; value: string }[] | undefined {
  const all = Array.isArray(components) ? components.filter(isObject) : [];
  if (all.some(({ type }) => type !== "body")) return undefined;
  const parameters = all.flatMap(({ parameters: given }) => (Array.isArray(given) ? given : []));
  const read = parameters.map((parameter: unknown, index) => {
    const { parameter_name: given, text: value } = objectOf(parameter);
    if (typeof value !== "string") return undefined;
    return { name: typeof given === "string" ? given : `${index + 1}`, value };
  });
  const texts = read.filter((each) => each !== undefined);
  return texts.length === read.length ? texts : undefined;
}
