import type { FastifyRequest } from "fastify";
import type { Place } from "#libs/settings/setting.ts";
import type { ConnectionOwner } from "./connection-schemas.ts";

/** Where the connection of a request's path stands. */
export function connectionPlace(
  request: FastifyRequest,
  { accountIdOf }: Pick<ConnectionOwner, "accountIdOf">,
): Place<"connection"> {
  const { name } = Object(request.params);
  return { accountId: accountIdOf(request), kind: "connection", name: String(name) };
}
