// `fallthrough rehearse`: how a flow or a message would go. Nothing is sent.
import { type Command, InvalidArgumentError, Option } from "commander";
import { channels } from "#libs/contracts/topics.ts";
import { type DialectName, dialectNames } from "#libs/dialects/names.ts";
import { printableJson } from "#libs/printable.ts";
import { behaviours } from "#libs/providers/simulated/behaviour.ts";
import { usageFault } from "../faults.ts";
import { readYamlObject } from "../read-file.ts";
import { Rehearsals, showRehearsals } from "../rehearsal-view.ts";
import { type GlobalFlags, messageClient } from "../where.ts";
import { example } from "./example.ts";

type Assumed = Record<string, string>;
type Flags = GlobalFlags & { flow?: string; dialect?: DialectName; channel?: Assumed };

export function addRehearse(program: Command): void {
  program
    .command("rehearse")
    .description("Show how a flow or a message would go; nothing is sent.")
    .argument("[file]", "a flow or a message, as YAML or JSON (`-`: standard input)")
    .option("--flow <id>", "a published flow of the account instead of a file")
    .addOption(
      new Option(
        "--dialect <name>",
        "the file is a request as a client of that dialect sends it (of Kaleyra's, --flow names the instance)",
      ).choices(dialectNames),
    )
    .option(
      "--channel <channel=behaviour>",
      `what a channel, or the step of that index, does; of the others every way is played (${behaviours.join(", ")})`,
      collectAssumed,
    )
    .addHelpText("after", EXAMPLES)
    .action(rehearse);
}

const EXAMPLES = example(
  "npx fallthrough rehearse flow.yaml",
  "npx fallthrough rehearse --dialect alibaba request.json",
  "npx fallthrough rehearse --flow whatsapp-then-sms --channel whatsapp=silent --channel sms=delivered",
);

async function rehearse(file: string | undefined, flags: Flags, command: Command): Promise<void> {
  const given = file === undefined ? undefined : await readYamlObject(file);
  const answer = await messageClient(command).call(Rehearsals, {
    method: "POST",
    path: "/rehearsals",
    body: { ...toRehearsed(given, flags), behaviours: flags.channel ?? "all" },
  });
  const { json } = command.optsWithGlobals<Flags>();
  console.log(json ? printableJson(answer) : showRehearsals(answer));
}

/**
 * What is rehearsed: a request in the words of `dialect`; else a flow, which is nothing but steps with a
 * name perhaps or says its dialect itself, as in a settings file; else a message of our own.
 */
export function toRehearsed(
  given: object | undefined,
  { dialect, flow: flowId }: Pick<Flags, "dialect" | "flow">,
): object {
  const named = flowId === undefined ? {} : { flowId };
  if (given && dialect) return { dialect, message: given, ...named };
  if ((given === undefined) === (flowId === undefined)) {
    throw usageFault("What is to be rehearsed? Give either a file or --flow.");
  }
  if (!given) return named;
  const isFlow = "steps" in given && Object.keys(given).every((key) => /^(name|steps)$/.test(key));
  return isFlow || "dialect" in given ? { flow: given } : { message: given };
}

function collectAssumed(value: string, others: Assumed = {}): Assumed {
  const [channel = "", behaviour = ""] = value.split("=");
  const isKnown = channels.some((each) => each === channel) || /^\d$/.test(channel);
  if (isKnown && behaviours.some((each) => each === behaviour))
    return { ...others, [channel]: behaviour };
  const words = `${channels.join(", ")} or a step's index, and ${behaviours.join(", ")}`;
  throw new InvalidArgumentError(`It is like whatsapp=silent, of ${words}.`);
}
