// What is wrong with a body of the native API that the request made of it no longer shows.
import { type Fault, fault } from "#libs/judgement/fault.ts";
import type { SendBody } from "./body.ts";
import type { ContentBody } from "./content-body.ts";

export function bodyFaults({ content, steps = [], flowId }: SendBody): Fault[] {
  const isTwofold = steps.length > 0 && flowId !== undefined;
  return [
    ...templateFaults(content, "/content"),
    ...steps.flatMap((step, index) => templateFaults(step.content, `/steps/${index}/content`)),
    ...(isTwofold ? [fault("invalid", "/flowId", "and /steps exclude each other")] : []),
  ];
}

function templateFaults(content: ContentBody | undefined, path: string): Fault[] {
  if (!content?.template || content.type === "TEMPLATE") return [];
  return [fault("invalid", `${path}/template`, "needs type TEMPLATE")];
}
