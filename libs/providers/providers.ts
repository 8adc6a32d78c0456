// The one list of providers. Another one is a folder beside these and a line here.
import { type Channel, channels } from "#libs/contracts/topics.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import { genericHttp } from "./generic-http/generic-http.ts";
import { googleRbm } from "./google-rbm/google-rbm.ts";
import { infobip } from "./infobip/infobip.ts";
import type { ConnectedProvider, Provider, Reporting } from "./provider.ts";
import { type SimulatedProvider, simulated } from "./simulated/simulated.ts";
import { smpp } from "./smpp/smpp.ts";
import { twilio } from "./twilio/twilio.ts";
import { vonage } from "./vonage/vonage.ts";
import { whatsappCloud } from "./whatsapp-cloud/whatsapp-cloud.ts";

/** They carry what no connection of an account does. */
export const simulatedProviders: readonly SimulatedProvider[] = channels.map(simulated);

/** By the word that a connection's `provider` is. */
export const connectedProviders: ReadonlyMap<string, ConnectedProvider> = new Map(
  [whatsappCloud, twilio, infobip, vonage, smpp, googleRbm, genericHttp].map((provider) => [
    provider.name,
    provider,
  ]),
);

const byName = new Map<string, Provider>(
  [...simulatedProviders, ...connectedProviders.values()].map((each) => [each.name, each]),
);

/** The simulated carrier of a channel. */
export function simulatedProviderOf(channel: Channel): SimulatedProvider {
  const found = simulatedProviders.find(({ channels: [own] }) => own === channel);
  if (!found) throw new Error(`No provider carries ${channel}.`);
  return found;
}

type Identity = Pick<ConnectionSetting, "provider" | "guid" | "receiptKey">;

/** What the reports of a connection name as their provider: nobody else's ids are its. */
export function reportingAs({ provider, guid }: { provider: string; guid: string }): string {
  return `${provider}.${guid}`;
}

/** Where its provider posts receipts, below the address of the receipt-bridge. */
export function receiptsPathOf({ provider, guid, receiptKey = guid }: Identity): string {
  return `/receipts/${provider}/${receiptKey}`;
}

/** How a connection tells of itself. */
export function reportingOf(connection: Identity): Reporting {
  return { provider: reportingAs(connection), receiptsPath: receiptsPathOf(connection) };
}

/** True if the provider that a report names carries the channel. */
export function isProviderOf(reporter: string, channel: string): boolean {
  return findProvider(reporter)?.channels.some((each) => each === channel) ?? false;
}

/** True if the provider that a report names can be asked to take back what it took on the channel. */
export function revokes(reporter: string, channel: string): boolean {
  return findProvider(reporter)?.revokesOn?.some((each) => each === channel) ?? false;
}

/** Of the provider that a report names. Undefined for one of which only somebody's own bridge knows. */
export function findProvider(reporter: string): Provider | undefined {
  const [name = ""] = reporter.split(".");
  return byName.get(name);
}
