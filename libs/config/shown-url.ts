/** A URL, or what was meant as one, as it may be shown: without a name and a password in it, whatever they are made of. */
export function shownUrl(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, "$1***@");
}
