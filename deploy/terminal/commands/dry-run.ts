// `fallthrough connections dry-run`: what a connection would call for a message, and what answers would mean.
import { styleText } from "node:util";
import type { Command } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { readText } from "../read-file.ts";
import { adminClient } from "../where.ts";
import {
  AS_LISTED,
  accountOption,
  type ConnectionFlags,
  connectionsPath,
  isJson,
  operatorOption,
} from "./connection-options.ts";
import { example } from "./example.ts";

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

type DryRunFlags = ConnectionFlags & {
  to?: string;
  from?: string;
  text?: string;
  channel?: string;
  answerStatus?: string;
  answer?: string;
  receipt?: string;
};

/** The command below `connections`. */
export function addDryRun(connections: Command): void {
  connections
    .command("dry-run")
    .description("Show what a connection would call for a message. Nothing is called or sent.")
    .argument("<name>", AS_LISTED)
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
