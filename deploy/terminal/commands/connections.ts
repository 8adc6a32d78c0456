// `fallthrough connections`: lines to providers, an account's own or the operator's, and whether they
// are good.
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { type Static, Type } from "typebox";
import { EXIT } from "../faults.ts";
import { printableJson } from "../printable.ts";
import { readText } from "../read-file.ts";
import { adminClient, type GlobalFlags } from "../where.ts";
import { example } from "./example.ts";
import { syncTemplates } from "./sync-templates.ts";

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
const DryRun = Type.Object({
  requests: Type.Array(
    Type.Object({
      method: Type.String(),
      url: Type.String(),
      headers: Type.Record(Type.String(), Type.String()),
      body: Type.String(),
    }),
  ),
  answer: Type.Optional(Type.Unknown()),
  receipt: Type.Optional(Type.Unknown()),
});
type DryRun = Static<typeof DryRun>;

type Flags = GlobalFlags & { account: string; operator?: true };
type DryRunFlags = Flags & {
  to?: string;
  from?: string;
  text?: string;
  channel?: string;
  answerStatus?: string;
  answer?: string;
  receipt?: string;
};

export function addConnections(program: Command): void {
  const connections = program
    .command("connections")
    .description("List connections to providers, and try them.");
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
  connections
    .command("test")
    .description("Ask a connection's provider whether it is good. Nobody is sent to.")
    .argument("<name>", "as `connections list` shows it")
    .addOption(accountOption())
    .addOption(operatorOption())
    .addHelpText("after", example("npx fallthrough connections test meta"))
    .action(test);
  connections
    .command("dry-run")
    .description("Show what a connection would call for a message. Nobody is called.")
    .argument("<name>", "as `connections list` shows it")
    .addOption(accountOption())
    .addOption(operatorOption())
    .option("--to <number>", "who is to be reached")
    .option("--from <sender>", "who sends")
    .option("--text <text>", "what is said")
    .option("--channel <channel>", "one of its channels; else the first")
    .option("--answer-status <status>", "what would an answer with this HTTP status mean?")
    .option("--answer <file>", "... with this body")
    .option("--receipt <file>", "what would this body of a receipt mean?")
    .addHelpText(
      "after",
      example(
        "npx fallthrough connections dry-run gateway --text 'Hello'",
        "npx fallthrough connections dry-run gateway --answer-status 400 --answer refusal.json",
      ),
    )
    .action(dryRun);
  connections
    .command("sync-templates")
    .description("Take a provider's templates over into the account's, after a preview.")
    .argument("<name>", "as `connections list` shows it")
    .addOption(accountOption())
    .option("--overwrite", "change those too that a person or another connection made")
    .option("--yes", "do not ask")
    .option("--dry-run", "show the preview and change nothing")
    .addHelpText("after", example("npx fallthrough connections sync-templates meta"))
    .action(syncTemplates);
}

function accountOption(): Option {
  return new Option("--account <id>", "whose connections").default("demo");
}

function operatorOption(): Option {
  return new Option("--operator", "those that the operator keeps for accounts").conflicts(
    "account",
  );
}

async function list(flags: Flags, command: Command): Promise<void> {
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

async function test(name: string, flags: Flags, command: Command): Promise<void> {
  const path = `${connectionsPath(flags)}/${encodeURIComponent(name)}/test`;
  const tested = await adminClient(command).call(Tested, { method: "POST", path });
  console.log(isJson(command) ? printableJson(tested) : showTested(name, tested));
  if (!["works", "not-possible"].includes(tested.state)) process.exitCode = EXIT.refused;
}

function showTested(name: string, { state, words }: Tested): string {
  const colour = state === "works" ? "green" : state === "not-possible" ? "dim" : "red";
  return `${name}: ${styleText(colour, state)}. ${words}`;
}

async function dryRun(name: string, flags: DryRunFlags, command: Command): Promise<void> {
  const path = `${connectionsPath(flags)}/${encodeURIComponent(name)}/dry-run`;
  const body = await dryRunBody(flags);
  const shown = await adminClient(command).call(DryRun, { method: "POST", path, body });
  console.log(isJson(command) ? printableJson(shown) : showDryRun(shown));
}

async function dryRunBody(flags: DryRunFlags): Promise<object> {
  const { to, from, text, channel, answerStatus, answer, receipt } = flags;
  const isAnswered = answerStatus !== undefined || answer !== undefined;
  return {
    message: { to, from, text, channel },
    ...(isAnswered && {
      answer: {
        status: Number(answerStatus ?? 200),
        ...(answer !== undefined && { body: await readText(answer) }),
      },
    }),
    ...(receipt !== undefined && { receipt: { body: await readText(receipt) } }),
  };
}

function showDryRun({ requests, answer, receipt }: DryRun): string {
  const calls = requests.flatMap(({ method, url, headers, body }) => [
    `${styleText("bold", method)} ${url}`,
    ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
    ...(body === "" ? [] : ["", body]),
    "",
  ]);
  const meant = [
    ...(answer === undefined ? [] : [`The answer means: ${printableJson(answer)}`]),
    ...(receipt === undefined ? [] : [`The receipt means: ${printableJson(receipt)}`]),
  ];
  return [...calls, ...meant].join("\n").trimEnd();
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<GlobalFlags>().json === true;
}

function connectionsPath({ account, operator }: Flags): string {
  if (operator) return "/connections";
  return `/accounts/${encodeURIComponent(account)}/connections`;
}
