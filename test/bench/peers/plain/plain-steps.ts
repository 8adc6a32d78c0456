// The rules that a plain service needs: the first step at once, the next one when a wait is over or a report says
// that the step failed, an outcome when a step got through or none is left.
import type { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type { SendRequest, StatusReport } from "#libs/contracts/generated/types.ts";
import type { PlainSender } from "./plain-sender.ts";
import type { PlainStore } from "./plain-store.ts";

type Deps = { store: PlainStore; sender: PlainSender; registry: SchemaRegistry };

/** How far a status is from being sent. */
const RANKS = ["ACCEPTED", "SENT", "DELIVERED", "READ"];
const FAILURES = ["REJECTED", "FAILED", "UNDELIVERED", "EXPIRED"];

export function plainSteps({ store, sender, registry }: Deps) {
  async function next(request: SendRequest, from: number): Promise<void> {
    const id = request.messageId;
    const to = from + 1;
    if (to < request.steps.length) {
      const isOurs = await store.move({ id, from, to, dueAt: dueAt(request, to) });
      return isOurs ? sender.command(request, to) : undefined;
    }
    if (!(await store.move({ id, from, to: "ended", dueAt: null }))) return;
    const attempts = attemptsOf(request, from);
    await sender.outcome(request, {
      outcome: "EXHAUSTED",
      channel: null,
      attemptIndex: null,
      attempts,
    });
  }

  async function succeed(request: SendRequest, { attemptIndex, channel }: StatusReport) {
    const from = attemptIndex ?? 0;
    if (!(await store.move({ id: request.messageId, from, to: "ended", dueAt: null }))) return;
    const attempts = attemptsOf(request, from);
    await sender.outcome(request, { outcome: "SUCCEEDED", channel, attemptIndex, attempts });
  }

  return {
    async begin(bytes: Buffer): Promise<void> {
      const request: SendRequest = await registry.decode(bytes);
      await store.begin(request.messageId, { request: bytes, dueAt: dueAt(request, 0) });
      await sender.command(request, 0);
    },
    async report(bytes: Buffer): Promise<void> {
      const report: StatusReport = await registry.decode(bytes);
      const found = await store.find(report.messageId ?? "");
      if (!found || found.step !== report.attemptIndex) return;
      const request: SendRequest = await registry.decode(found.request);
      const wanted = request.steps[found.step]?.wanted ?? "DELIVERED";
      if (FAILURES.includes(report.status)) return next(request, found.step);
      if (RANKS.indexOf(report.status) >= RANKS.indexOf(wanted)) return succeed(request, report);
      await store.noteStatus(request.messageId, report.status);
    },
    async timeOut(id: string): Promise<void> {
      const found = await store.find(id);
      if (found) await next(await registry.decode(found.request), found.step);
    },
  };
}

function attemptsOf({ steps, requestedAt }: SendRequest, last: number) {
  return steps.slice(0, last + 1).map(({ channel }) => ({ channel, startedAt: requestedAt }));
}

function dueAt({ steps }: SendRequest, index: number): number | null {
  const waitSeconds = steps[index]?.waitSeconds ?? null;
  return waitSeconds === null ? null : Date.now() + waitSeconds * 1_000;
}
