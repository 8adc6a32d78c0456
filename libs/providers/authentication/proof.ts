// What every way of proving who posted has in common. Real carriers prove it in one of four ways;
// each is a file beside this one, and none of them takes an empty secret.

/** A post as it came: nothing of its body has been parsed. */
export type RawPost = {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** What stands behind the question mark of its address. */
  query?: string;
  body: Buffer;
  /** The address at the other end of the socket. */
  peerAddress: string;
};

/** True if the post is the carrier's own. `now` is epoch ms. Never throws, whatever was posted. */
export type Proof = (post: RawPost, now: number) => boolean;

/** A header that was given exactly once and says something. */
export function headerOf({ headers }: RawPost, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Throws for a secret that anybody has. */
export function demandSecret(secret: string | Buffer): void {
  if (secret.length === 0) throw new RangeError("An empty secret proves nothing.");
}
