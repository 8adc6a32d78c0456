// Which members of settings are sealed secrets, and how they follow a change of SECRETS_KEY.
import { openSealed, type Seal, sealAgain } from "#libs/webhooks/sealing.ts";
import type { BodyOf } from "./setting.ts";

/** Of webhooks, access keys and connections. */
const MEMBERS = [
  "sealedSecret",
  "previousSealedSecret",
  "sealedAuthorization",
  "sealedOauth",
  "sealedCredentials",
] as const;
export type WithSecrets =
  | BodyOf<"webhook">
  | BodyOf<"api-key">
  | BodyOf<"connection">
  | BodyOf<"ended-connection">;

/** The body with what an older key has sealed sealed by the newest; the same one if nothing is. */
export function resealed<T extends WithSecrets>(body: T, sealing: Seal): T {
  const again = secretsOf(body)
    .map(([member, sealed]) => [member, sealed, sealAgain(sealed, sealing)] as const)
    .filter(([, before, after]) => before !== after)
    .map(([member, , after]) => [member, after]);
  return again.length === 0 ? body : { ...body, ...Object.fromEntries(again) };
}

/** The names of those that none of the keys opens. */
export function unopenable(body: WithSecrets, sealing: Seal): string[] {
  return secretsOf(body)
    .filter(([, sealed]) => openSealed(sealed, sealing) === undefined)
    .map(([member]) => member);
}

function secretsOf(body: WithSecrets): [string, string][] {
  const members: Readonly<Record<string, unknown>> = body;
  return MEMBERS.flatMap((member): [string, string][] => {
    const sealed = members[member];
    return typeof sealed === "string" ? [[member, sealed]] : [];
  });
}
