import type { FastifyRequest } from "fastify";

/** Enough to know the path by; the rest is a stranger's text. */
const LENGTH_MAX = 300;

/** The URL of a request as a log shows it. */
export function loggedUrl({ url }: FastifyRequest): string {
  return url.length > LENGTH_MAX ? `${url.slice(0, LENGTH_MAX)}...` : url;
}
