import type { CloudCredentials } from "./access.ts";

/** Who asks, and with what right. Meta's own description of its API asks for a product and its version. */
export function cloudHeaders({ accessToken }: Pick<CloudCredentials, "accessToken">) {
  return { authorization: `Bearer ${accessToken}`, "user-agent": "fallthrough/0.1.0" };
}
