// Requests that bring about 8x8's codes about who asks, for what path, and about faults of ours.
import { RetriableError } from "#libs/errors.ts";
import { headers, MESSAGES, type Refused, send, text } from "./requests.ts";

/** No message and no batch has this id. */
const NOBODY = "00000000-0000-4000-8000-000000000000";

export const refusedPaths = {
  1200: [
    ["no key", { ...send(text), headers: {} }],
    ["a wrong key", { ...send(text), headers: { authorization: "Bearer nope" } }],
  ],
  1201: [["another's sub-account", send(text, MESSAGES.replace("demo", "acme"))]],
  1300: [
    ["an unknown umid", { url: `${MESSAGES}/${NOBODY}`, headers }],
    ["a cancel of an unknown umid", { method: "DELETE", url: `${MESSAGES}/${NOBODY}`, headers }],
    ["a cancel of no batch", { method: "DELETE", url: `${MESSAGES}/batch/${NOBODY}`, headers }],
    ["an unknown path", { url: "/api/v1/nothing", headers }],
  ],
  2000: [
    ["a fault of ours", send(text), { accept: () => Promise.reject(new Error("a bug")) }],
    ["Kafka away", send(text), { accept: () => Promise.reject(new RetriableError("away")) }],
  ],
  2001: [
    ["an export", { ...send({}), url: `${MESSAGES}/exports` }],
    ["an export's job", { url: `${MESSAGES}/exports/1`, headers }],
    [
      "an upload, of which nothing is read",
      {
        ...send({}, MESSAGES.replace("messages", "files")),
        headers: { ...headers, "content-type": "multipart/form-data; boundary=x" },
        payload: "--x--",
      },
    ],
    ["a download, by whoever has its address", { url: "/files/a.png" }],
  ],
} as const satisfies Record<number, readonly Refused[]>;
