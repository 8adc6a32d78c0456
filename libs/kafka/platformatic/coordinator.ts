// The broker that keeps a group.
import type { Base, Broker } from "@platformatic/kafka";
import { RetriableError } from "#libs/errors.ts";
import { ask } from "./ask.ts";
import { isOfGroup } from "./platformatic-faults.ts";

const GROUP_KEY = 0;

type Coordinators = { coordinators: Broker[] };

/** Asks by one of our clients. Rejects with the client's errors. */
export type AskCoordinator = <Answer>(
  by: Base,
  request: string,
  ...args: unknown[]
) => Promise<Answer>;

/** Of one group. It is looked for anew after whatever fault is not the group's own word. */
export function coordinatorOf(groupId: string, client: Base): AskCoordinator {
  let coordinator: Broker | undefined;

  async function find(): Promise<Broker> {
    const found = await ask<Coordinators>({ client }, "FindCoordinator", GROUP_KEY, [groupId]);
    const [broker] = found.coordinators;
    if (!broker) throw new RetriableError(`No broker keeps ${groupId}.`);
    return broker;
  }

  return async (by, request, ...args) => {
    try {
      coordinator ??= await find();
      return await ask({ client: by, broker: coordinator }, request, ...args);
    } catch (error) {
      if (!isOfGroup(error)) coordinator = undefined;
      throw error;
    }
  };
}
