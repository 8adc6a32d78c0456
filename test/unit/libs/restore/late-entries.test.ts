// Fault: a writer's journal entry is published behind newer ones. Invariant: it is found, whoever reads from where.
import { expect, it } from "vitest";
import { lateEntries } from "#libs/restore/late-entries.ts";

const OLD = "000001-00000000";
const NEW = "000002-00000000";

function seen(messageId: string, counter: number, epoch = NEW) {
  return { messageId, order: { epoch, counter, version: 0 }, bytes: Buffer.from(messageId) };
}

const start = { epoch: NEW, counter: 10, version: 0 };

it("finds nothing where every record is newer than what stands before it", () => {
  const all = [seen("a", 11), seen("b", 12), seen("a", 12)];
  expect(lateEntries(all, start)).toEqual({ late: [], highest: all[2]!.order });
});

it("finds a record behind others of its shard, whatever of its message was read before, or never", () => {
  const late = seen("a", 5);
  expect(lateEntries([seen("b", 11), late], start)).toMatchObject({ late: [late] });
  expect(lateEntries([late], start)).toEqual({ late: [late], highest: start });
});

it("finds a record of an older epoch, and one that names none", () => {
  const [zombie, unnamed] = [seen("a", 99, OLD), seen("b", 0, "")];
  expect(lateEntries([zombie, unnamed], start)).toEqual({
    late: [zombie, unnamed],
    highest: start,
  });
});

it("leaves alone what a newer record of the same message follows, and finds what an older one does", () => {
  expect(lateEntries([seen("a", 5), seen("a", 11)], start)).toMatchObject({ late: [] });
  expect(lateEntries([seen("a", 11), seen("a", 5)], start)).toMatchObject({
    late: [{ order: { counter: 5 } }],
  });
});
