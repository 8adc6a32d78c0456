// Text that is no Unicode: half of a surrogate pair, as a client leaves it that cuts a text in the
// midst of an emoji. No encoder of UTF-8 has bytes for it.

/** JSON pointers of the texts and the members' names within a value that are not well-formed. */
export function malformedTexts(value: unknown, path = ""): string[] {
  if (typeof value === "string") return value.isWellFormed() ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = `${path}/${name.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")}`;
    return name.isWellFormed() ? malformedTexts(member, inner) : [inner];
  });
}
