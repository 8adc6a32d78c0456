// Which channels of account `demo` end at real carriers. Whoever starts the product must not take
// them for simulated ones: an example that is pasted would ring somebody's phone.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { DEMO_ADMIN_KEY } from "#libs/config/demo-keys.ts";

const Connections = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      provider: Type.String(),
      enabled: Type.Boolean(),
      channels: Type.Optional(Type.Array(Type.String())),
    }),
  ),
});

/** `sms by shop-line (twilio)` for each connection that is enabled; empty where the demo keys are not good. */
export async function realCarriers(apiUrl: string): Promise<string[]> {
  const answer = await fetch(`${apiUrl}/ft/v1/accounts/demo/connections`, {
    headers: { authorization: `Bearer ${DEMO_ADMIN_KEY}` },
  });
  const body: unknown = await answer.json();
  if (!Value.Check(Connections, body)) return [];
  return body.items
    .filter(({ enabled }) => enabled)
    .map(({ id, provider, channels = [] }) => `${channels.join(", ")} by ${id} (${provider})`);
}
