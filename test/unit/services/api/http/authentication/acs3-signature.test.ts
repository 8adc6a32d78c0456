import { expect, it } from "vitest";
import { acs3Signature } from "#services/api/http/authentication/acs3-signature.ts";
import type { SignedRequest } from "#services/api/http/authentication/signature.ts";

const SIGNED =
  "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
const SIGNATURE = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";
const authorization = (names = SIGNED, signature = SIGNATURE) =>
  `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${names},Signature=${signature}`;

/** The example of Alibaba's own documentation of the signature. */
const documented: SignedRequest = {
  method: "POST",
  path: "/",
  query: [
    ["RegionId", "cn-shanghai"],
    ["ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"],
  ],
  form: [],
  body: Buffer.alloc(0),
  headers: {
    host: "ecs.cn-shanghai.aliyuncs.com",
    "x-acs-action": "RunInstances",
    "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-acs-date": "2023-10-26T10:22:32Z",
    "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    "x-acs-version": "2014-05-26",
    authorization: authorization(),
  },
};
const isGood = (request: SignedRequest, secret = "YourAccessKeySecret") =>
  acs3Signature(request)?.isGood(secret);
const withHeaders = (headers: SignedRequest["headers"]): SignedRequest => {
  return { ...documented, headers: { ...documented.headers, ...headers } };
};

it("is that of the documented example", () => {
  expect(acs3Signature(documented)).toMatchObject({
    accessKeyId: "YourAccessKeyId",
    signedAt: "2023-10-26T10:22:32Z",
    nonce: "3156853299f313e23d1673dc12e1703d",
  });
  expect(isGood(documented)).toBe(true);
  expect(isGood(documented, "another secret")).toBe(false);
});

it.each<[string, SignedRequest]>([
  ["method", { ...documented, method: "GET" }],
  ["path", { ...documented, path: "/other" }],
  ["query", { ...documented, query: [["RegionId", "cn-beijing"]] }],
  ["body", { ...documented, body: Buffer.from("To=6599990000") }],
  ["action", withHeaders({ "x-acs-action": "StopInstances" })],
  ["version", withHeaders({ "x-acs-version": "2020-06-06" })],
  ["host", withHeaders({ host: "another.example" })],
  ["date", withHeaders({ "x-acs-date": "2023-10-26T10:22:33Z" })],
  ["nonce", withHeaders({ "x-acs-signature-nonce": "another" })],
  ["signature", withHeaders({ authorization: authorization(SIGNED, SIGNATURE.replace("0", "1")) })],
])("is not good for another %s", (_, changed) => {
  expect(isGood(changed)).toBe(false);
});

it.each(SIGNED.split(";"))("must be of the header %s", (name) => {
  const names = SIGNED.split(";").filter((each) => each !== name);
  expect(isGood(withHeaders({ authorization: authorization(names.join(";")) }))).toBe(false);
});

it.each(["", "Bearer demo-key", "ACS3-HMAC-SHA256 Credential=demo", authorization(SIGNED, "00")])(
  "is none in the header %j",
  (header) => {
    expect(acs3Signature(withHeaders({ authorization: header }))).toBeUndefined();
  },
);
