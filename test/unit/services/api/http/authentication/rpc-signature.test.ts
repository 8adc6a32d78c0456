import { expect, it } from "vitest";
import { rpcSignature } from "#services/api/http/authentication/rpc-signature.ts";
import type { SignedRequest } from "#services/api/http/authentication/signature.ts";

/** The example of Alibaba's documentation of the RPC mechanism. */
const parameters: readonly (readonly [string, string])[] = [
  ["Timestamp", "2016-02-23T12:46:24Z"],
  ["Format", "XML"],
  ["AccessKeyId", "testid"],
  ["Action", "DescribeRegions"],
  ["SignatureMethod", "HMAC-SHA1"],
  ["SignatureNonce", "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"],
  ["Version", "2014-05-26"],
  ["SignatureVersion", "1.0"],
  ["Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="],
];
const documented: SignedRequest = {
  method: "GET",
  path: "/",
  query: parameters,
  form: [],
  headers: {},
  body: Buffer.alloc(0),
};
const isGood = (request: SignedRequest, secret = "testsecret") =>
  rpcSignature(request)?.isGood(secret);
const withParameter = (name: string, value: string) =>
  parameters.map((each) => (each[0] === name ? ([name, value] as const) : each));

it("is that of the documented example, wherever the parameters stand", () => {
  expect(rpcSignature(documented)).toMatchObject({
    accessKeyId: "testid",
    action: "DescribeRegions",
    version: "2014-05-26",
    signedAt: "2016-02-23T12:46:24Z",
    nonce: "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
  });
  expect(isGood(documented)).toBe(true);
  const [first, ...others] = parameters;
  expect(isGood({ ...documented, query: others, form: [first!] })).toBe(true);
  expect(isGood(documented, "another secret")).toBe(false);
});

it.each(parameters.filter(([name]) => name !== "AccessKeyId"))(
  "is not good for another %s",
  (name) => {
    expect(isGood({ ...documented, query: withParameter(name, "another") })).toBe(false);
  },
);

it("is not good for another method, nor with a parameter more", () => {
  expect(isGood({ ...documented, method: "POST" })).toBe(false);
  expect(isGood({ ...documented, form: [["To", "6591234567"]] })).toBe(false);
  expect(isGood({ ...documented, form: [["Action", "DescribeRegions"]] })).toBe(false);
});

it("is none without an access key or a signature", () => {
  for (const name of ["AccessKeyId", "Signature"]) {
    const query = parameters.filter((each) => each[0] !== name);
    expect(rpcSignature({ ...documented, query })).toBeUndefined();
  }
});
