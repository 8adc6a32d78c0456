/** Anything but blanks, and characters that nobody sees: controls, fillers, the empty braille pattern. */
const VISIBLE = /[^\s\u2800\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** Whether a text has nothing to see. */
export function isBlank(text: string | null): boolean {
  return text === null || !VISIBLE.test(text);
}
