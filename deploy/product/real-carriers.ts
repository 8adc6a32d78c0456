// Which channels of account `demo` end at real carriers, by its own connections or the operator's. Whoever starts the product must not take
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
  const lists = ["connections", "operator-connections"].map((path) =>
    listOf(`${apiUrl}/ft/v1/accounts/demo/${path}`),
  );
  return (await Promise.all(lists))
    .flat()
    .filter(({ enabled }) => enabled)
    .map(({ id, provider, channels = [] }) => `${channels.join(", ")} by ${id} (${provider})`);
}

async function listOf(url: string) {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${DEMO_ADMIN_KEY}` } });
  const body: unknown = await answer.json();
  return Value.Check(Connections, body) ? body.items : [];
}
