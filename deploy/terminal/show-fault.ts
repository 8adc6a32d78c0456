import { styleText } from "node:util";
import { printableJson, printableLines } from "#libs/printable.ts";
import type { Fault } from "./faults.ts";

/** A fault for a person, or with `--json` as one line for a program. */
export function showFault({ message, code }: Fault, { isJson }: { isJson: boolean }): string {
  if (isJson) return printableJson({ error: { code, message } });
  const [first = "", ...rest] = printableLines(message).split("\n");
  return [styleText("red", first, { stream: process.stderr }), ...rest].join("\n");
}
