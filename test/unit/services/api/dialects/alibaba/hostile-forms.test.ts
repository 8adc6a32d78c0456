// Two MiB of a form, of which nothing proves yet that anybody of ours has sent it.
import { expect, it } from "vitest";
import { encode } from "#services/api/http/authentication/signature.ts";
import { readFormParameters } from "#services/api/http/parameters.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { longestTurnMs, TURN_MS_MAX } from "#test/support/longest-turn.ts";

const BYTE_COUNT = 2 * 1024 * 1024 - 1_000;
const headers = { "content-type": "application/x-www-form-urlencoded" };
/** Of a key that there is, at this moment: all but the signature's good. */
const claim = () => ({
  AccessKeyId: "demo",
  Action: "SendChatappMessage",
  Signature: "x",
  SignatureMethod: "HMAC-SHA1",
  SignatureNonce: "1",
  SignatureVersion: "1.0",
  Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
  Version: "2020-06-06",
});

it.each([
  ["exclamation marks", "!"],
  ["encoded ones", "%21"],
  ["plus signs", "+"],
  ["equals signs", "="],
  ["other alphabets", "%e2%82%ac"],
])("%s hold nobody up", async (_, piece) => {
  const { request } = startApiServer();
  const post = (more: string) => {
    const payload = `${new URLSearchParams(claim()).toString()}&To=${more}`;
    return request({ method: "POST", url: "/", headers, payload });
  };
  // A server that has not served yet is put together first, and what it does is compiled.
  for (let round = 0; round < 3; round++) await post(piece.repeat(20_000));
  const longestMs = await longestTurnMs(async () => {
    const answer = await post(piece.repeat(BYTE_COUNT / piece.length));
    expect(answer.json().Code).toBe("SignatureDoesNotMatch");
  });
  expect(longestMs).toBeLessThan(TURN_MS_MAX);
});

it("encodes whatever RFC 3986 does not leave as it is", () => {
  const text = "aZ09-_.~ !'()*+/%&=\u0000\u007fé€😀";
  const expected = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  expect(encode(text)).toBe(expected);
});

it("reads a form's parameters as they were meant", () => {
  const form = Buffer.from("a=1+2%2B3&b==&c&+d+=é&=e");
  expect(readFormParameters(form)).toEqual([
    ["a", "1 2+3"],
    ["b", "="],
    ["c", ""],
    [" d ", "Ã©"],
    ["", "e"],
  ]);
  expect(form.toString()).toBe("a=1+2%2B3&b==&c&+d+=é&=e");
});
