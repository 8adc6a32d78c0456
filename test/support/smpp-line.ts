// The SMPP adapter on a line of its own, without a dispatcher.
import { Agent } from "undici";
import { guardedSockets } from "#libs/http/outward/guarded-sockets.ts";
import type { Access, Line } from "#libs/providers/provider.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import { smpp } from "#libs/providers/smpp/smpp.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";

type Given = { port: number; options?: object; credentials?: object };

export const connectSocket = guardedSockets({ allowPrivate: true, ownPorts: new Set() });

export function smppAccess({ port, options, credentials }: Given): Access {
  const address = `smpp://127.0.0.1:${port}`;
  const access = smpp.open({
    options: { address, rate: 10_000, ...options },
    credentials: { systemId: "me", password: "secret", ...credentials },
  });
  return access!;
}

export function smppLine(
  given: Given & { timeoutMs?: number },
  takeReceipts: Line["takeReceipts"],
): ProviderAdapter {
  const { timeoutMs = 20_000 } = given;
  // Nothing goes by HTTP here.
  const reached: Line = {
    agent: new Agent(),
    connectSocket,
    timeoutMs,
    provider: "smpp.1",
    receiptsPath: "/receipts/smpp/1",
    takeReceipts,
    log: createLog("channel-dispatcher", "fatal"),
  };
  return smppAccess(given).connect(reached);
}

export function sendSms(adapter: ProviderAdapter, text = "hello", isInTime = () => true) {
  const content = { type: "TEXT", text, richJson: null, smsEncoding: null } as const;
  const command = commandFor({ channel: "sms", recipient: "+6599990000", content });
  return adapter.dispatch(command, isInTime);
}
