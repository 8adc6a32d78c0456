/** A JSON pointer as vendors' clients read it: `/channels/0/channel` is `channels[0].channel`. */
export function dottedPath(pointer: string): string {
  return pointer
    .replaceAll(/\/(\d+)/g, "[$1]")
    .replaceAll("/", ".")
    .replace(/^\./, "");
}
