// What a schema cannot tell of a connection to a gateway: placeholders that mean nothing, secrets that
// are not there, patterns that cannot be read. All of it is told when the connection is put.
import type { OptionFault } from "../provider.ts";
import type { GenericOptions, Secrets } from "./access.ts";
import { patternFaults } from "./patterns.ts";
import { placeholderNames, SECRETS, secretValues } from "./placeholders.ts";
import { proofOf } from "./receipt-proof.ts";
import { placeholdersOf } from "./template.ts";
import { textsIn } from "./texts-in.ts";

type Text = { path: string; text: string };

/** `secrets` is undefined where nobody can read them: then what is missing among them is not told. */
export function genericFaults(
  options: GenericOptions,
  secrets: Secrets | undefined,
): OptionFault[] {
  const { request, auth, receipts, answer } = options;
  const known = new Set([...placeholderNames].filter((name) => !isMissing(name, options)));
  const templates = textsIn({ url: request.url, headers: request.headers, body: request.body });
  const ofSecrets = [...textsIn(auth, "/auth"), ...textsIn(receipts?.proof, "/receipts/proof")];
  const faults = [
    ...under("/request", templates).flatMap((text) => templateFaults(text, known, secrets)),
    ...ofSecrets.flatMap((text) => templateFaults(text, new Set(), secrets)),
    ...patternFaults(textsIn(answer, "/answer").filter(({ path }) => path.endsWith("/regex"))),
    ...ruleFaults(options),
    ...methodFaults(options),
  ];
  const all = faults.length > 0 ? faults : proofFaults(options, secrets);
  return all.map(({ path, words }) => ({ path: `/options${path}`, words }));
}

function isMissing(name: string, { bridgeUrl }: GenericOptions): boolean {
  return name === "receiptsUrl" && bridgeUrl === undefined;
}

function under(path: string, texts: readonly Text[]): Text[] {
  return texts.map((each) => ({ ...each, path: `${path}${each.path}` }));
}

function templateFaults(
  { path, text }: Text,
  known: ReadonlySet<string>,
  secrets: Secrets | undefined,
): OptionFault[] {
  const { names, hasStray } = placeholdersOf(text);
  const faults = names.flatMap((name) => placeholderFault(name, known, secrets) ?? []);
  const stray = hasStray ? ["has a brace that is none of a placeholder: write it twice"] : [];
  return [...faults, ...stray].map((words) => ({ path, words }));
}

function placeholderFault(
  name: string,
  known: ReadonlySet<string>,
  secrets: Secrets | undefined,
): string | undefined {
  if (known.has(name)) return undefined;
  if (!name.startsWith(SECRETS)) {
    if (name === "receiptsUrl" && known.size > 0)
      return "asks for {receiptsUrl}: say /options/bridgeUrl";
    const all = [...known, `${SECRETS}<name>`].join(", ");
    return `asks for {${name}}; there are ${all}`;
  }
  if (secrets === undefined || secretValues(secrets).has(name)) return undefined;
  return `asks for {${name}}, which /credentials do not have`;
}

/** Only a refusal has a class. */
function ruleFaults({ answer }: GenericOptions): OptionFault[] {
  return answer.rules.flatMap(({ means, errorClass }, index) =>
    errorClass === undefined || means === "refused"
      ? []
      : [{ path: `/answer/rules/${index}/errorClass`, words: `says nothing of what is ${means}` }],
  );
}

function methodFaults({ request, auth }: GenericOptions): OptionFault[] {
  if (request.method !== "GET") return [];
  const path = "/request/body";
  return [
    ...(request.body ? [{ path, words: "goes with no GET: say what is said in the URL" }] : []),
    ...(auth?.hmac ? [{ path: "/auth/hmac", words: "signs a body, and a GET has none" }] : []),
  ];
}

/** An empty secret or list, or what is no address: told by whoever would believe by it. */
function proofFaults({ receipts }: GenericOptions, secrets: Secrets | undefined): OptionFault[] {
  if (!receipts || secrets === undefined) return [];
  try {
    proofOf(receipts.proof, secretValues(secrets));
    return [];
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [
      { path: "/receipts/proof", words: `proves nothing: ${error.message.replace(/\.$/, "")}` },
    ];
  }
}
