/**
 * Of words that a message may be told with, in their order, those that it was: a status that a later one
 * overtakes is not told, the last one always is. The report of a call and the receipts of its carrier
 * come by two processes, so which is overtaken is nobody's promise.
 */
export function notOvertaken(words: readonly string[], told: readonly string[]): string[] {
  return words.filter((word, index) => index === words.length - 1 || told.includes(word));
}
