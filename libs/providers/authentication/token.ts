// Proof by a secret that stands in a header as it is.
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof } from "./proof.ts";

/** `authorization: Bearer <token>`. Throws RangeError for an empty token. */
export function bearerProof(token: string): Proof {
  demandSecret(token);
  return (post) => {
    const [, given] = /^bearer +(\S+)$/i.exec(headerOf(post, "authorization") ?? "") ?? [];
    return given !== undefined && isSameText(given, token);
  };
}

/** A token in a header of the carrier's own, in lower case. Throws RangeError for an empty token. */
export function headerTokenProof(header: string, token: string): Proof {
  demandSecret(token);
  return (post) => {
    const given = headerOf(post, header);
    return given !== undefined && isSameText(given, token);
  };
}

/**
 * A token in the query of the address that the carrier was given, for one that can do no better. Throws
 * RangeError for an empty token.
 */
export function queryTokenProof(name: string, token: string): Proof {
  demandSecret(token);
  return ({ query = "" }) => {
    const given = new URLSearchParams(query).getAll(name);
    return given.length === 1 && given.every((each) => isSameText(each, token));
  };
}

/** RFC 7617. Throws RangeError for an empty password: a name is no secret. */
export function basicProof({ user, password }: { user: string; password: string }): Proof {
  demandSecret(password);
  return (post) => {
    const [, given] = /^basic +(\S+)$/i.exec(headerOf(post, "authorization") ?? "") ?? [];
    if (given === undefined) return false;
    return isSameText(Buffer.from(given, "base64").toString(), `${user}:${password}`);
  };
}
