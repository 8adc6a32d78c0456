// Who was asked. A web page can make its own name lead to this machine (DNS rebinding) and then read
// from a visitor's browser what listens here; what its request cannot hide is the name in `Host`.
import type { FastifyRequest } from "fastify";
import { isLoopback } from "#libs/config/demo-keys.ts";
import { HttpRefusal } from "./http-fault.ts";

/** Throws HttpRefusal 400 for a request that does not say whom it asks (RFC 9112, section 3.2). */
export function checkHost({ headers, raw }: FastifyRequest): void {
  if (headers.host !== undefined || raw.httpVersion === "1.0") return;
  throw new HttpRefusal({ status: 400, advice: "name the host in a header Host." });
}

/** Throws HttpRefusal 421 for a name that is not this machine's own. */
export function checkLoopback({ headers: { host } }: FastifyRequest): void {
  if (host === undefined || isLoopback(URL.parse(`http://${host}`)?.hostname ?? "")) return;
  const advice = "what listens on this machine only is asked by 127.0.0.1, [::1] or localhost.";
  throw new HttpRefusal({ status: 421, advice });
}
