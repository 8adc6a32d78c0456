// What the vendors' clients need to play: an account of theirs, a key that also signs, and a receiver.
import { type OwnAccount, openOwnAccount } from "../own-account.ts";
import type { Product } from "../product-client.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const SETTINGS = new URL("settings.yaml", import.meta.url);

export type Stage = OwnAccount & { receiver: Receiver };

/** Its key is good until it is disposed of; the account stays. Throws Fault where the API refuses. */
export async function setStage(product: Product, adminKey: string): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const receiver = opened.use(await startReceiver());
  const wanted = { product, adminKey, settings: SETTINGS, receiverUrl: receiver.url };
  const account = opened.use(await openOwnAccount(wanted));
  const owned = opened.move();
  return { ...account, receiver, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
