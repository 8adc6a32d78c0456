// `fallthrough keys`: an account's API keys.
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { readText } from "../read-file.ts";
import { adminClient, type GlobalFlags } from "../where.ts";
import { example } from "./example.ts";

const Key = Type.Object({
  id: Type.String(),
  scopes: Type.Array(Type.String()),
  label: Type.Optional(Type.String()),
  createdAt: Type.String(),
  revokedAt: Type.Optional(Type.String()),
});
const Keys = Type.Object({ items: Type.Array(Key) });
const NewKey = Type.Object({
  ...Key.properties,
  key: Type.String(),
  accessKeySecret: Type.Optional(Type.String()),
});
type NewKey = Static<typeof NewKey>;

const SCOPES = ["send", "read", "admin"];

type Flags = GlobalFlags & { account: string };
type CreateFlags = Flags & {
  scope: string[];
  label?: string;
  accessKey?: true;
  publicKey?: string;
};

export function addKeys(program: Command): void {
  const keys = program
    .command("keys")
    .description("List, create and revoke an account's API keys.");
  keys
    .command("list")
    .description("List the keys by id. The key itself was shown once, when it was made.")
    .addOption(accountOption())
    .addHelpText("after", example("npx fallthrough keys list --account demo"))
    .action(list);
  keys
    .command("create")
    .description("Make a key. It is shown now and never again.")
    .addOption(accountOption())
    .addOption(
      new Option("--scope <scopes...>", "what it may do; may be repeated")
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option("--label <label>", "what it is for")
    .option("--access-key", "with a secret to sign requests, as Alibaba's clients do")
    .option("--public-key <file>", "what tokens are signed for, in PEM: a Vonage application's")
    .addHelpText(
      "after",
      example(
        "npx fallthrough keys create --scope send --scope read --label shop",
        "npx fallthrough keys create --scope send --public-key public.key",
      ),
    )
    .action(create);
  keys
    .command("revoke")
    .description("Revoke a key at once.")
    .argument("<id>", "its id in `keys list`")
    .addOption(accountOption())
    .addHelpText(
      "after",
      example("npx fallthrough keys revoke 5f0c1c62-6f1c-4a52-9df8-0d9a3b0e6a11"),
    )
    .action(revoke);
}

function accountOption(): Option {
  return new Option("--account <id>", "whose keys").default("demo");
}

async function list({ account }: Flags, command: Command): Promise<void> {
  const { items } = await adminClient(command).call(Keys, { path: keysPath(account) });
  if (command.optsWithGlobals<Flags>().json) return console.log(printableJson({ items }));
  if (items.length === 0) return console.log(`Account ${account} has no keys.`);
  for (const key of items) console.log(showKey(key));
}

async function create(flags: CreateFlags, command: Command): Promise<void> {
  const request = { method: "POST" as const, path: keysPath(flags.account) };
  const body = await newKeyBody(flags);
  const made = await adminClient(command).call(NewKey, { ...request, body });
  if (command.optsWithGlobals<Flags>().json) return console.log(printableJson(made));
  console.log(showNewKey(made, flags));
}

async function newKeyBody({ scope, label, accessKey, publicKey }: CreateFlags): Promise<object> {
  return {
    scopes: scope,
    ...(label !== undefined && { label }),
    ...(accessKey && { accessKey }),
    ...(publicKey !== undefined && { publicKey: await readText(publicKey) }),
  };
}

/** What is shown once, with the names that the vendors' clients have for it. */
function showNewKey({ key, accessKeySecret, ...made }: NewKey, { publicKey }: CreateFlags): string {
  const signing = accessKeySecret === undefined ? [] : [`AccessKeyId ${made.id}`];
  const secret = accessKeySecret === undefined ? [] : [`AccessKeySecret ${bold(accessKeySecret)}`];
  const application = publicKey === undefined ? [] : [`application_id ${made.id}`];
  const shown = [bold(key), ...signing, ...secret, ...application].map((line) => `  ${line}`);
  return [showKey(made), "", ...shown, "", "Keep it now: it is never shown again."].join("\n");
}

function bold(text: string): string {
  return styleText("bold", text);
}

async function revoke(id: string, { account }: Flags, command: Command): Promise<void> {
  const path = `${keysPath(account)}/${encodeURIComponent(id)}/revoke`;
  const revoked = await adminClient(command).call(Key, { method: "POST", path });
  const { json } = command.optsWithGlobals<Flags>();
  console.log(json ? printableJson(revoked) : showKey(revoked));
}

function showKey({ id, scopes, label = "", createdAt, revokedAt }: Static<typeof Key>): string {
  const state =
    revokedAt === undefined ? styleText("green", "good   ") : styleText("red", "revoked");
  const since = styleText("dim", revokedAt ?? createdAt);
  return `${id}  ${state}  ${scopes.join(",").padEnd(15)}  ${since}  ${label}`.trimEnd();
}

function keysPath(account: string): string {
  return `/accounts/${encodeURIComponent(account)}/api-keys`;
}
