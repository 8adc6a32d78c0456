// Schemas that have a `title` become components of that name, shown once and referred to elsewhere.

type Json = Record<string, unknown>;

/** Examples belong to where they are shown: not to the component, and nothing in them is a schema. */
const EXAMPLES = ["example", "examples"];

/**
 * Moves every titled schema below `part` into what it returns, by title, and leaves references
 * behind, with a description where it says something else. Throws for two different schemas of one title.
 */
export function nameSchemas(part: unknown, named: Json = {}): Json {
  if (!isJson(part)) return named;
  for (const [word, child] of Object.entries(part)) {
    if (EXAMPLES.includes(word) || !isJson(child)) continue;
    nameSchemas(child, named);
    if (typeof child["title"] === "string") part[word] = referTo(child["title"], child, named);
  }
  return named;
}

function referTo(title: string, schema: Json, named: Json): Json {
  const { examples: _examples, description, ...rest } = schema;
  const known = (named[title] ??= { description, ...rest });
  const { description: usual, ...knownRest } = Object(known);
  if (JSON.stringify(knownRest) !== JSON.stringify(rest)) {
    throw new Error(`Two different schemas of the API have the title ${title}.`);
  }
  const $ref = `#/components/schemas/${title}`;
  return description === usual ? { $ref } : { $ref, description };
}

/** Arrays too: their members are named by their index. */
function isJson(part: unknown): part is Json {
  return typeof part === "object" && part !== null;
}
