// `fallthrough connections`: lines to providers, an account's own or the operator's, and whether they
// are good.
import { styleText } from "node:util";
import type { Command } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { EXIT } from "../faults.ts";
import { adminClient } from "../where.ts";
import {
  AS_LISTED,
  accountOption,
  type ConnectionFlags,
  connectionsPath,
  isJson,
  operatorOption,
} from "./connection-options.ts";
import { addDryRun } from "./dry-run.ts";
import { example } from "./example.ts";
import { addSyncTemplates } from "./sync-templates.ts";

const Connection = Type.Object({
  id: Type.String(),
  provider: Type.String(),
  enabled: Type.Boolean(),
  channels: Type.Optional(Type.Array(Type.String())),
  receiptsPath: Type.Optional(Type.String()),
  accounts: Type.Optional(Type.Array(Type.String())),
});
const Connections = Type.Object({ items: Type.Array(Connection) });
const Tested = Type.Object({ state: Type.String(), words: Type.String() });
type Tested = Static<typeof Tested>;

/** `connections` with what can be done with one: each says itself what it takes. */
export function addConnections(program: Command): void {
  const connections = program
    .command("connections")
    .description("List connections to providers, and try them.");
  addList(connections);
  addTest(connections);
  addDryRun(connections);
  addSyncTemplates(connections);
}

function addList(connections: Command): void {
  connections
    .command("list")
    .description("List them by name, with the path that each one's receipts go to.")
    .addOption(accountOption())
    .addOption(operatorOption())
    .addHelpText(
      "after",
      example("npx fallthrough connections list", "npx fallthrough connections list --operator"),
    )
    .action(list);
}

function addTest(connections: Command): void {
  connections
    .command("test")
    .description("Ask a connection's provider whether it knows us. No message is sent.")
    .argument("<name>", AS_LISTED)
    .addOption(accountOption())
    .addOption(operatorOption())
    .addHelpText("after", example("npx fallthrough connections test meta"))
    .action(test);
}

async function list(flags: ConnectionFlags, command: Command): Promise<void> {
  const { account, operator } = flags;
  const api = adminClient(command);
  const { items } = await api.call(Connections, { path: connectionsPath(flags) });
  const usablePath = `/accounts/${encodeURIComponent(account)}/operator-connections`;
  const usable = operator ? [] : (await api.call(Connections, { path: usablePath })).items;
  if (isJson(command)) return console.log(printableJson({ items, ...(!operator && { usable }) }));
  const whose = operator ? "The operator" : `Account ${account}`;
  if (items.length + usable.length === 0) return console.log(`${whose} has no connections.`);
  for (const each of items) console.log(showConnection(each));
  for (const each of usable) console.log(showConnection({ ...each, id: `*/${each.id}` }));
}

function showConnection({
  id,
  provider,
  enabled,
  channels,
  receiptsPath = "",
  accounts,
}: Static<typeof Connection>) {
  const state = enabled ? styleText("green", "on ") : styleText("dim", "off");
  const carried = (channels ?? []).join(",");
  const users = accounts ? ` for ${accounts.join(",") || "nobody"}` : "";
  const shown = `${id.padEnd(16)} ${state} ${provider.padEnd(15)} ${carried.padEnd(12)}`;
  return `${shown} ${styleText("dim", `${receiptsPath}${users}`)}`.trimEnd();
}

async function test(name: string, flags: ConnectionFlags, command: Command): Promise<void> {
  const path = `${connectionsPath(flags)}/${encodeURIComponent(name)}/test`;
  const tested = await adminClient(command).call(Tested, { method: "POST", path });
  console.log(isJson(command) ? printableJson(tested) : showTested(name, tested));
  if (!["works", "not-possible"].includes(tested.state)) process.exitCode = EXIT.refused;
}

function showTested(name: string, { state, words }: Tested): string {
  const colour = state === "works" ? "green" : state === "not-possible" ? "dim" : "red";
  return `${name}: ${styleText(colour, state)}. ${words}`;
}
