// Lines that fit into a terminal of the usual width, whatever the reader's is.
import { stripVTControlCharacters } from "node:util";

const WIDTH = 80;
/**
 * `head` with the text behind it, which goes on below itself where a line is full. Colours take no
 * place; a word that is longer than a line stays whole.
 */
export function wrap(head: string, text: string): string {
  const indent = " ".repeat(widthOf(head));
  const lines = [head];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    const isFirst = widthOf(line) === indent.length;
    const longer = isFirst ? `${line}${word}` : `${line} ${word}`;
    if (isFirst || widthOf(longer) <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`${indent}${word}`);
  }
  return lines.join("\n");
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
