// `fallthrough send`: asks for a message and names the command that tells its story.
import { styleText } from "node:util";
import type { Command } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { readYamlObject } from "../read-file.ts";
import { parseStep, type SendFlags, toSendBody } from "../send-body.ts";
import { type GlobalFlags, messageClient } from "../where.ts";
import { example } from "./example.ts";

const Accepted = Type.Object({
  messageId: Type.String(),
  clientMessageId: Type.Optional(Type.String()),
  warnings: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String(),
        path: Type.Optional(Type.String()),
        detail: Type.Optional(Type.String()),
      }),
    ),
  ),
});

type Flags = GlobalFlags & SendFlags & { file?: string; idempotencyKey?: string };

export function addSend(program: Command): void {
  program
    .command("send")
    .description("Send a message; without steps and flow it takes the account's default flow.")
    .option("--to <number>", "the recipient's number, such as +6591234567")
    .option("--text <text>", "what to say")
    .option(
      "--step <channel:wait:wanted>",
      "a channel, the seconds that it has (`none`: no limit), what counts; may be repeated",
      (value, steps: SendFlags["step"] = []) => [...steps, parseStep(value)],
    )
    .option("--flow <id>", "a flow of the account instead of steps")
    .option("--file <path>", "the whole message as JSON or YAML (`-`: standard input)")
    .option("--idempotency-key <key>", "sending again with the same key sends nothing twice")
    .addHelpText("after", EXAMPLES)
    .action(send);
}

const EXAMPLES = example(
  'npx fallthrough send --to +6599990250 --text "Hello" --step whatsapp:60:read --step sms',
  "npx fallthrough send --file message.json",
);

async function send(flags: Flags, command: Command): Promise<void> {
  const { json, idempotencyKey } = command.optsWithGlobals<Flags>();
  const accepted = await messageClient(command).call(Accepted, {
    method: "POST",
    path: "/messages",
    body: toSendBody(
      flags,
      flags.file === undefined ? undefined : await readYamlObject(flags.file),
    ),
    ...(idempotencyKey !== undefined && { headers: { "idempotency-key": idempotencyKey } }),
  });
  console.log(json ? printableJson(accepted) : showAccepted(accepted));
}

function showAccepted({ messageId, warnings = [] }: Static<typeof Accepted>): string {
  const told = warnings.map(({ code, path = "", detail = "" }) => {
    const place = [path, detail].filter((part) => part !== "").join(": ");
    return `${styleText("yellow", "Warning ")}  ${code} ${place}`;
  });
  const next = `npx fallthrough story ${messageId} --watch`;
  return [
    `${styleText("green", "Accepted")}  ${messageId}`,
    ...told,
    `${styleText("dim", "Next    ")}  ${next}`,
  ].join("\n");
}
