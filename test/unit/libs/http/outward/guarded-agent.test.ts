import { expect, it } from "vitest";
import { guardedAgent } from "#libs/http/outward/guarded-agent.ts";
import { callHttp } from "#libs/providers/call-http.ts";

it.each(["http://127.0.0.1:1", "http://[::1]:1", "https://localhost", "http://169.254.169.254"])(
  "a provider's call to %s is never made, and says why",
  async (origin) => {
    const limits = { timeoutMs: 5_000, isInTime: () => true };
    const agent = guardedAgent({
      allowPrivate: false,
      ownPorts: new Set(),
      timeoutMs: 5_000,
    });
    const end = await callHttp(agent, { origin, path: "/", headers: {}, body: "" }, limits);
    await agent.close();
    expect(end).toEqual({ type: "unwritten", code: "PRIVATE_ADDRESS" });
  },
);
