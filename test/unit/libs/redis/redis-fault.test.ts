import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { toRedisFault } from "#libs/redis/redis-fault.ts";

it.each([
  "LOADING Redis is loading the dataset in memory",
  "BUSY Redis is busy running a script.",
  "READONLY You can't write against a read only replica.",
  "MOVED 3999 127.0.0.1:6381",
  "TRYAGAIN Multiple keys request during rehashing of slot",
  "CLUSTERDOWN The cluster is down",
  "OOM command not allowed when used memory > 'maxmemory'. script: 0a1b, on @user_script:50.",
  "NOAUTH Authentication required.",
  "NOPERM this user has no permissions to run the 'get' command",
  "ERR The user executing the script can't run this command or subcommand script: 0a1b",
  "ERR ACL failure in script: this user has no permissions to run the 'get' command",
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist",
])("takes %j for a fault that may pass", (message) => {
  const error = replyError(message);
  const fault = toRedisFault(error);
  expect(fault).toBeInstanceOf(RetriableError);
  expect(fault).toHaveProperty("cause", error);
});

it.each([
  "WRONGTYPE Operation against a key holding the wrong kind of value",
  "ERR wrong number of arguments for 'get' command",
  "ERR user_script:25: NOPERM is only a word here",
  "ERR user_script:25: BUSY is only a word here",
])("takes %j for a bug", (message) => {
  const error = replyError(message);
  expect(toRedisFault(error)).toBe(error);
});

it("takes a broken connection for a fault that may pass, and a TypeError for a bug", () => {
  const reset = Object.assign(new Error("read ECONNRESET"), {
    code: "ECONNRESET",
    syscall: "read",
  });
  expect(toRedisFault(reset)).toBeInstanceOf(RetriableError);
  expect(toRedisFault(new TypeError("x is undefined"))).not.toBeInstanceOf(RetriableError);
});

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}
