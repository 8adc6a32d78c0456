import { createHmac } from "node:crypto";

/** Posts a form as Twilio signs it, which leaves the port out of the address; returns the answer's status. */
export async function postAsTwilio(
  url: string,
  form: Record<string, string>,
  token: string,
): Promise<number> {
  const names = Object.keys(form).toSorted();
  const members = names.map((name) => `${name}${form[name]}`).join("");
  const signed = url.replace(/:\d+/, "") + members;
  const signature = createHmac("sha1", token).update(signed).digest("base64");
  const headers = { "x-twilio-signature": signature };
  return (await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) })).status;
}
