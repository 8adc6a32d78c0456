/** Anything but blanks, and characters that nobody sees. */
const VISIBLE = /[^\s\p{Cf}]/u;

/** Whether a text has nothing to see. */
export function isBlank(text: string | null): boolean {
  return text === null || !VISIBLE.test(text);
}
