// Every route of the simulated carriers with good requests.
import { type Bare, type Draft, json } from "./fuzz-account.ts";

const call = { recipient: "+6599990000", text: "Hello", commandId: "fuzz-0:0" };
const carriers: Bare[] = [
  { method: "POST", target: "/carriers/sms/messages", bodies: [call] },
  { method: "DELETE", target: "/carriers/sms/messages/fuzz-0:0", bodies: [] },
  { method: "GET", target: "/sent?recipient=%2B6599990000", bodies: [] },
];

export function carrierRoutes(origin: string): Draft[] {
  return carriers.map((route) => ({ ...route, origin, headers: json }));
}
