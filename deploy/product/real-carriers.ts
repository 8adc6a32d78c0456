// Which channels of account `demo` end at real carriers, by its own connections or the operator's. Whoever
// starts the product must not take them for simulated ones: an example that is pasted would ring somebody's
// phone.
import { type Static, type TObject, Type } from "typebox";
import { Value } from "typebox/value";
import { DEMO_ADMIN_KEY } from "#libs/config/demo-keys.ts";

const Connection = Type.Object({
  id: Type.String(),
  provider: Type.String(),
  enabled: Type.Boolean(),
  channels: Type.Optional(Type.Array(Type.String())),
});
type Connection = Static<typeof Connection>;
const Channel = Type.Object({ id: Type.String(), connectionOrder: Type.Optional(Type.String()) });

/** `sms by shop-line (twilio)` for each connection that is enabled. The public keys must be good there. */
export async function realCarriers(apiUrl: string): Promise<string[]> {
  const account = `${apiUrl}/ft/v1/accounts/demo`;
  const [own, operators, channels] = await Promise.all([
    itemsOf(`${account}/connections`, Connection),
    itemsOf(`${account}/operator-connections`, Connection),
    itemsOf(`${account}/channels`, Channel),
  ]);
  const usesOwnOnly = (channel: string) =>
    channels.some((each) => each.id === channel && each.connectionOrder === "own-only");
  const usable = operators.map(({ id, channels: carried, ...rest }) => ({
    ...rest,
    id: `the operator's ${id}`,
    ...(carried && { channels: carried.filter((channel) => !usesOwnOnly(channel)) }),
  }));
  return [...own, ...usable]
    .filter(({ enabled, channels: carried }) => enabled && carried?.length !== 0)
    .map(show);
}

function show({ id, provider, channels = ["all channels"] }: Connection): string {
  return `${channels.join(", ")} by ${id} (${provider})`;
}

async function itemsOf<Item extends TObject>(url: string, item: Item): Promise<Static<Item>[]> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${DEMO_ADMIN_KEY}` } });
  const body: unknown = await answer.json();
  const List = Type.Object({ items: Type.Array(item) });
  return Value.Check(List, body) ? body.items : [];
}
