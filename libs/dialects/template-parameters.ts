/** A variable of a template, by its name or number, with what is put in its place. */
export type Variable = readonly [name: string, text: string];

/**
 * Variables of a template's body as Meta's parameters. Numbered ones are positions, others have their
 * names there too; whether they are numbered is the dialect's to say.
 */
export function templateParameters(variables: readonly Variable[], isNumbered: boolean) {
  const ordered = isNumbered ? variables.toSorted(([a], [b]) => Number(a) - Number(b)) : variables;
  return ordered.map(([name, text]) => ({
    type: "text",
    ...(!isNumbered && { parameter_name: name }),
    text,
  }));
}
