// Every request body that 8x8's document gives as an example, for an account that is here.
import type { VendorOperation } from "#test/support/vendor-openapi.ts";

/** By the beginning of the example's name. */
const EXCLUDED: Readonly<Record<string, string>> = {
  line: "no account has the channel Line",
  zalo: "no account has the channel Zalo",
};

type Body = readonly [operation: string, name: string, body: unknown];

/** Those of the served operations, but for channels that nobody has here. */
export function documentedBodies(
  operations: readonly VendorOperation[],
  served: readonly string[],
): Body[] {
  return operations.flatMap(({ method, path, requests }): Body[] => {
    const title = `${method} ${path}`;
    if (!served.includes(title)) return [];
    return [...requests].flatMap(([name, body]): Body[] =>
      isExcluded(name) ? [] : [[title, name, adapted(body)]],
    );
  });
}

function isExcluded(name: string): boolean {
  return Object.keys(EXCLUDED).some((beginning) => name.startsWith(beginning));
}

/** What stands in pointed brackets is the reader's to fill in. */
function adapted(body: unknown): unknown {
  const text = JSON.stringify(body)
    .replaceAll(/"<[^"]*anguage[^"]*>"/g, '"en"')
    .replaceAll(/"<[^"]*>"/g, '"some_name"')
    .replaceAll('"Onion_Marketing"', '"demo"');
  return JSON.parse(text);
}
