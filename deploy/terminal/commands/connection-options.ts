// What the commands of connections have in common: whose they are about, and how they answer.
import { type Command, Option } from "commander";
import type { GlobalFlags } from "../where.ts";

export type ConnectionFlags = GlobalFlags & { account: string; operator?: true };

/** What the argument `<name>` is. */
export const AS_LISTED = "as `connections list` shows it";

/** Whose they are; the demonstration's account where nothing is said. */
export function accountOption(): Option {
  return new Option("--account <id>", "whose connections").default("demo");
}

/** In place of an account's own. */
export function operatorOption(): Option {
  return new Option("--operator", "those that the operator keeps for accounts").conflicts(
    "account",
  );
}

/** The collection below `/ft/v1`. */
export function connectionsPath({ account, operator }: ConnectionFlags): string {
  if (operator) return "/connections";
  return `/accounts/${encodeURIComponent(account)}/connections`;
}

/** Whether the answer is for a program. */
export function isJson(command: Command): boolean {
  return command.optsWithGlobals<GlobalFlags>().json === true;
}
