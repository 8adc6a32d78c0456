/** The beginning of a text in well-formed Unicode, without half a character at its end. */
export function cutText(value: string, lengthMax: number): string {
  if (value.length <= lengthMax) return value.isWellFormed() ? value : value.toWellFormed();
  const cut = value.slice(0, lengthMax);
  const isHalf = /[\uD800-\uDBFF]$/.test(cut);
  return (isHalf ? cut.slice(0, -1) : cut).toWellFormed();
}
