// Whether a phone has RCS, as Google says it, by a stand-in that does as Google's reference says.
import { Agent } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { googleRbm } from "#libs/providers/google-rbm/google-rbm.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { AGENT_ID, type RbmApi, rbmCredentials, startRbmApi } from "#test/support/rbm-api.ts";

const WITHIN_MS = 5_000;
const rcs = { channel: "rcs", recipient: "+6599990000" };
const now = () => true;
const resources = new AsyncDisposableStack();
const log = createLog("channel-dispatcher", "fatal");
let google: RbmApi;
let agent: Agent;

beforeAll(async () => {
  google = resources.use(await startRbmApi());
  agent = resources.adopt(new Agent(), (each) => each.close());
});
afterAll(() => resources.disposeAsync());

function adapter(more: object = {}) {
  const tokenUrl = `${google.url}/token`;
  const options = { agentId: AGENT_ID, address: google.url, tokenUrl, ...more };
  return googleRbm.open({ options, credentials: rbmCredentials })!.connect({
    agent,
    timeoutMs: WITHIN_MS,
    provider: "google-rbm.0",
    receiptsPath: "/receipts/google-rbm/0",
    connectSocket: () => Promise.reject(new Error("RBM has no line.")),
    takeReceipts: async () => undefined,
    log,
  });
}

function ask(recipient: string) {
  return adapter().capability!(commandFor({ ...rcs, recipient }));
}

describe("capability", () => {
  it("is asked of Google, whose word on a phone is its own NOT_FOUND alone", async () => {
    expect(await ask("+6599990000")).toBe("can");
    expect(await ask("+6599990001")).toBe("cannot");
    try {
      for (const answer of [
        { status: 404, body: "<html>Not found</html>" },
        { status: 500, body: "" },
        { status: 403, body: JSON.stringify({ error: { status: "PERMISSION_DENIED" } }) },
        "silence" as const,
      ]) {
        google.capability = () => answer;
        expect(await ask("+6599990001")).toBe("unknown");
      }
    } finally {
      google.capability = undefined;
    }
  });

  it("is known of a phone that Google has refused a message to", async () => {
    const one = adapter();
    const command = commandFor({ ...rcs, recipient: "+6599990003" });
    expect(await one.dispatch(command, now)).toMatchObject({ code: "NOT_FOUND" });
    const before = google.asked.length;
    expect(await one.capability!(command)).toBe("cannot");
    expect(google.asked).toHaveLength(before);
  });
});
