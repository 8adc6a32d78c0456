// A product whose account `demo` has connections: how they are put, and what goes out by them.
import { expect, vi } from "vitest";
import { type Product, startProduct } from "#test/support/product.ts";
import type { Received, Receiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 30_000, interval: 50 };
/** A message that was sent before the dispatchers knew the connection went elsewhere. */
const UNKNOWN_WITHIN = { timeout: 3_000 };

export type ConnectedProduct = ReturnType<typeof connectedProduct>;

/** Its providers may be on this machine. Disposal stops it. */
export async function startConnectedProduct() {
  const env = { CONNECTION_ALLOW_PRIVATE: "true" };
  const product = await startProduct({ timeScale: 0.02, env });
  const connected = connectedProduct(product);
  return { product, connected, [Symbol.asyncDispose]: () => product[Symbol.asyncDispose]() };
}

export async function bodyOf(answer: Response) {
  return Object(await answer.json());
}

function connectedProduct(product: Product) {
  /** The message, once it is like that. */
  function untilIs(messageId: string, like: object) {
    return vi.waitFor(async () => {
      const message = await product.read(messageId);
      expect(message).toMatchObject(like);
      return message;
    }, WITHIN);
  }

  return {
    admin(method: string, path: string, body?: object): Promise<Response> {
      return fetch(`${product.places.apiUrl}/ft/v1${path}`, {
        method,
        headers: {
          authorization: "Bearer demo-admin-key",
          "content-type": "application/json",
          "if-none-match": "*",
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    },
    /** `accountId` null: the operator's. */
    async disconnect(accountId: string | null, name: string): Promise<void> {
      const owner = accountId === null ? "" : `/accounts/${accountId}`;
      const url = `${product.places.apiUrl}/ft/v1${owner}/connections/${name}`;
      const headers = { authorization: "Bearer demo-admin-key", "if-match": "*" };
      const { status } = await fetch(url, { method: "DELETE", headers });
      expect(status).toBe(204);
    },
    untilIs,
    untilOver: (messageId: string) => untilIs(messageId, { phase: "ENDED" }),
    /** Sends once the dispatchers know the gateway's connection; resolves to its first call for the message. */
    sendBy(gateway: Receiver, request: object): Promise<{ messageId: string; call: Received }> {
      return vi.waitFor(async () => {
        const messageId = await product.send(request);
        const isItsOwn = ({ body }: Received) => body.includes(messageId);
        return vi.waitFor(() => {
          const [call] = gateway.received.filter(isItsOwn);
          expect(call).toBeDefined();
          return { messageId, call: call! };
        }, UNKNOWN_WITHIN);
      }, WITHIN);
    },
  };
}
