// An account as a settings file.
import { Document, Scalar, visit } from "yaml";
import { printable, printableLines } from "#libs/printable.ts";
import {
  collectionNames,
  type FoundItem,
  type FoundSettings,
  isAboveAccounts,
  isSingle,
} from "./collections.ts";

/** The members of a settings file, for YAML or JSON. Flows that were never published are left out. */
export function toFileContent(accountId: string, { account, items }: FoundSettings) {
  const parts = collectionNames.flatMap((name) => {
    const found = isAboveAccounts(name) ? undefined : items.get(name);
    if (!found || (isSingle(name) && found.size === 0)) return [];
    const bodies = Object.fromEntries(bodiesOf(found));
    return [[name, isSingle(name) ? bodies[name] : bodies] as const];
  });
  return { account: { id: accountId, ...account?.body }, ...Object.fromEntries(parts) };
}

/** YAML that `settings apply` takes back without a change. */
export function toFileText(accountId: string, found: FoundSettings): string {
  const head = [
    `Settings of account ${accountId}. See what a change would do, then make it:`,
    "  npx fallthrough settings diff FILE",
    "  npx fallthrough settings apply FILE",
  ];
  const comment = head.map((line) => `# ${line}\n`).join("");
  return `${comment}${toYaml(toFileContent(accountId, found))}`;
}

/** A text that a terminal may not be given stands in quotes, with escapes that YAML reads back. */
function toYaml(content: object): string {
  const document = new Document(content);
  visit(document, {
    Scalar(_key, node) {
      const { value } = node;
      if (typeof value === "string" && printable(value) !== value) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return printableLines(document.toString());
}

function bodiesOf(found: ReadonlyMap<string, FoundItem>) {
  return [...found].flatMap(([name, { body, isDraft }]) =>
    isDraft ? [] : [[name, body] as const],
  );
}
