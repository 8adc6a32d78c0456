// Everything that is one provider's own: how it is called, and how its receipts are believed and
// read. Its folder holds its words, its codes and its rule for ids as well.
import { type Static, type TObject } from "typebox";
import { Value } from "typebox/value";
import type { Dispatcher } from "undici";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import type { ConnectSocket } from "#libs/http/outward/guarded-sockets.ts";
import type { ConnectionRates } from "#libs/settings/bodies/connection-routing.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { Proof, RawPost } from "./authentication/proof.ts";
import type { ProviderAdapter } from "./provider-adapter.ts";

export type Provider = {
  /** The first part of its reports' `provider`, and of its path at the receipt-bridge. */
  readonly name: string;
  readonly channels: readonly Channel[];
  /** The one spelling of an id that it may write in several ways. */
  normalId(providerMessageId: string): string;
  /** Channels on which its adapter can `revoke`; absent: on none. */
  readonly revokesOn?: readonly Channel[];
};

/** A provider that accounts have connections to, each with credentials of their own. */
export type ConnectedProvider = Provider & {
  /** What a connection says of itself; anybody who may see settings sees it. */
  readonly options: TObject;
  /** What it keeps secret. All members are texts. */
  readonly credentials: TObject;
  /** What stands against both beyond their schemas. `credentials` undefined: those that nobody can read. */
  faultsOf(given: Given): readonly OptionFault[];
  /** Those of its channels that a connection with these options can carry. */
  channelsOf(options: unknown): readonly Channel[];
  /**
   * Its receipts come on the line of its calls: a connection is opened as soon as it is known, and
   * not with its first call. Absent: they come to the receipt-bridge.
   */
  readonly keepsLine?: true;
  /** What it takes as it documents, where a connection's settings say nothing else. */
  readonly rates?: ConnectionRates;
  /** Undefined where options or credentials are not what their schemas ask for. */
  open(given: Given): Access | undefined;
};

type Given = { options: unknown; credentials: unknown };
/** The words stand behind the JSON pointer, which begins with `/options`. */
export type OptionFault = { path: string; words: string };

/** How a process reaches providers: a call takes `timeoutMs` at most. */
export type Calling = { agent: Dispatcher; timeoutMs: number };

/** How a connection is asked whether it is good. */
export type Probing = Calling & Pick<Line, "connectSocket">;

/** What the reports of a connection name, and where below the receipt-bridge its provider posts receipts. */
export type Reporting = { provider: string; receiptsPath: string };

/** What a connection lives on. */
export type Line = Calling &
  Reporting & {
    /** For what speaks no HTTP. */
    connectSocket: ConnectSocket;
    /** Takes receipts that came on the line itself. Resolves once Kafka has them; rejects where it cannot. */
    takeReceipts(read: ReadReceipts): Promise<void>;
    log: Log;
  };

/** A connection that was opened: nothing has been called yet. */
export type Access = {
  /** Lives until it is disposed: that lets calls in flight end. */
  connect(line: Line): ProviderAdapter;
  /** Its receipts over HTTP, which become its reports; absent: none come. */
  receipts?(reporting: Reporting): Receipts;
  /**
   * Asks for receipts of a channel that nobody has had yet; absent: they are not to be asked for. What
   * `receipts` parses. Never rejects.
   */
  poll?(calling: Calling, channel: string): Promise<Polled>;
  /** Asks whether it is good, and sends to nobody; absent: its provider has no way to ask. Never rejects. */
  probe?(calling: Probing): Promise<ProbeResult>;
  /** The templates of the account that it has, whole or not at all; absent: it has none to list. Never rejects. */
  listTemplates?(calling: Calling): Promise<TemplateListing>;
};

/** So many as `countMax` mean that there may be more at once. `words`: what stands against the connection. */
export type Polled =
  | { type: "read"; body: Buffer; countMax: number }
  | { type: "failed"; words: string; retryAfterMs: number };

/** A template as settings have it; `oddities`: what is there and cannot be one, and why. */
export type TemplateListing =
  | { state: "listed"; templates: BodyOf<"template">[]; oddities: OddTemplate[] }
  | { state: "refused" | "unclear" | "unreachable" | "not-possible"; words: string };

/** `id`: the setting's name that it would have. */
export type OddTemplate = { id: string; words: string };

/**
 * `works`: the provider knows us. `refused`: it does not, or not as what we say we are. `unclear`: it
 * answered what says neither. `unreachable`: nobody answered.
 */
export type ProbeResult = {
  state: "works" | "refused" | "unclear" | "unreachable";
  /** For a person. */
  words: string;
};

export type Receipts = {
  /** Decided on the raw post, before anything of it is parsed. */
  authenticate: Proof;
  /** Never rejects: a body of which nothing can be read is one oddity. */
  parse(body: Buffer, receivedAt: number): Promise<ParsedReceipts>;
  /** What a provider that asks whether its posts are wanted is answered; undefined: no such thing. */
  confirm?(query: Readonly<Record<string, unknown>>): string | undefined;
  /** The same for one that asks by a post, which nothing signs; undefined: it is no such question. */
  confirmPost?(post: RawPost): string | undefined;
  /** True where receipts come as GET: what is parsed is then their query. */
  readonly comeAsQueries?: boolean;
  /** How a provider is answered that looks at what it is answered with; absent: with what was taken. */
  readonly answer?: { status: number; contentType: string; text: string };
};

/** One odd receipt never loses another: what can be read is a report, for the rest there is why not. */
export type ParsedReceipts = {
  reports: StatusReport[];
  oddCount: number;
  /** Of the first odd ones, what is odd about them. */
  oddities: string[];
};

/** What came, however it came, and what was read of it. */
export type ReadReceipts = {
  /** As it came: an odd receipt is kept so. */
  body: Buffer;
  receipts: ParsedReceipts;
  /** What its dead letter names. */
  provider: string;
};

type Described<O extends TObject, C extends TObject> = Provider & {
  options: O;
  credentials: C;
  faultsOf?(options: Static<O>, credentials: Static<C> | undefined): readonly OptionFault[];
  channelsOf?(options: Static<O>): readonly Channel[];
  keepsLine?: true;
  rates?: ConnectionRates;
  /** Undefined for credentials that open nothing. */
  access(given: { options: Static<O>; credentials: Static<C> }): Access | undefined;
};

/** The provider whose connections are opened once they are what its schemas ask for. */
export function connected<O extends TObject, C extends TObject>(
  described: Described<O, C>,
): ConnectedProvider {
  const optionsOf = (given: unknown) => checked(described.options, given);
  const credentialsOf = (given: unknown) => checked(described.credentials, given);
  return {
    ...described,
    faultsOf({ options: given, credentials }) {
      const options = optionsOf(given);
      if (options === undefined) return [];
      return described.faultsOf?.(options, credentialsOf(credentials)) ?? [];
    },
    channelsOf(given) {
      const options = optionsOf(given);
      const own = options && described.channelsOf?.(options);
      return own ?? described.channels;
    },
    open(given) {
      const options = optionsOf(given.options);
      const credentials = credentialsOf(given.credentials);
      if (options === undefined || credentials === undefined) return undefined;
      return described.access({ options, credentials });
    },
  };
}

/** With its defaults; undefined for what is not what the schema asks for. */
function checked<S extends TObject>(schema: S, given: unknown): Static<S> | undefined {
  const value = Value.Default(schema, Value.Clone(given));
  return Value.Check(schema, value) ? value : undefined;
}
