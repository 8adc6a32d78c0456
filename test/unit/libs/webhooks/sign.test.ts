import { assert, integer, property, string } from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import { newSecret, signedHeaders } from "#libs/webhooks/sign.ts";

it("signs as the specification's own library does, to the byte", () => {
  const text = string({ unit: "grapheme", minLength: 1 });
  const at = integer({ min: 1, max: 4_102_444_800_000 });
  assert(
    property(text, text, at, (id, body, now) => {
      const secret = newSecret();
      const headers = signedHeaders({ id, body, at: now, secrets: [secret] });
      const expected = new Webhook(secret).sign(id, new Date(now), body);
      expect(headers["webhook-signature"]).toBe(expected);
    }),
  );
});

it("is taken by a receiver with either secret while one is replaced", () => {
  const [fresh, old] = [newSecret(), newSecret()];
  const body = JSON.stringify({ greeting: "Grüße" });
  const headers = signedHeaders({ id: "n-1", body, at: Date.now(), secrets: [fresh, old] });
  for (const secret of [fresh, old]) {
    expect(new Webhook(secret).verify(body, headers)).toEqual({ greeting: "Grüße" });
  }
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow("No matching signature");
});

it("signs every try anew, under the same id", () => {
  const secrets = [newSecret()];
  const first = signedHeaders({ id: "n-1", body: "{}", at: 1_000, secrets });
  const second = signedHeaders({ id: "n-1", body: "{}", at: 2_000, secrets });
  expect(second["webhook-id"]).toBe(first["webhook-id"]);
  expect(second["webhook-signature"]).not.toBe(first["webhook-signature"]);
});
