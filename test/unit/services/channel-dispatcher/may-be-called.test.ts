// Which commands Redis may have forgotten, with whether they were called.
import { expect, it } from "vitest";
import { isOlderThanKnown, wasInHandAtLoss } from "#services/channel-dispatcher/may-be-called.ts";
import { commandFor } from "#test/support/dispatch-command.ts";

const opened = { forgotten: 0xf0, first: 0xf1, now: 0xf2 };
type Opened = keyof typeof opened;
/** Redis was emptied before its first epoch, and has lost its last writes once since. */
const known = { epoch: epochOf("now"), beganAt: opened.first };

function epochOf(which: Opened): string {
  return `000000-${opened[which].toString(16).padStart(11, "0")}a`;
}

function isOld(epoch: string, issuedAt: number, shard = known): boolean {
  const command = commandFor({ channel: "sms", recipient: "+6599990000", epoch, issuedAt });
  return isOlderThanKnown(command, shard);
}

it("are those of an epoch before the first that Redis knows, whenever they say they were issued", () => {
  for (const issuedAt of [0, opened.first, Date.now()]) {
    expect(isOld(epochOf("forgotten"), issuedAt)).toBe(true);
    expect(isOld(epochOf("first"), issuedAt)).toBe(false);
    expect(isOld(epochOf("now"), issuedAt)).toBe(false);
  }
});

it("are none where Redis has known the shard for ever", () => {
  const always = { ...known, beganAt: 0 };
  expect(isOld(epochOf("forgotten"), 0, always)).toBe(false);
  expect(isOld("of another system", 0, always)).toBe(false);
});

it.each(["", "000041-9f2c41ab"])("are by their instants those of epoch %j", (epoch) => {
  expect(isOld(epoch, opened.forgotten)).toBe(true);
  expect(isOld(epoch, opened.first)).toBe(false);
});

it("counts what is told again of an emptied shard as older than its opening, whatever clocks say", async () => {
  const [issuedAt, openedBy] = [opened.now, opened.first];
  const loadState = async () => ({
    state: null,
    nowMs: issuedAt,
    epoch: epochOf("first"),
    openedBy,
  });
  const isLost = (mayBeCalled: boolean) => {
    const command = commandFor({ channel: "sms", recipient: "+6599990000", issuedAt, mayBeCalled });
    return wasInHandAtLoss(command, { verdict: "abandoned" }, { loadState });
  };
  expect(await isLost(true)).toBe(true);
  expect(await isLost(false)).toBe(false);
});
