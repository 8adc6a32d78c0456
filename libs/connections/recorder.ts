// Calls nobody: notes what would be called, and answers in the provider's place.
import { Dispatcher } from "undici";

export type RecordedCall = {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
};
export type GivenAnswer = { status: number; headers: Record<string, string>; body: string };

/** How OAuth 2 asks for a token (RFC 6749): it is given one, so that the call behind it is seen. */
const ASKS_FOR_TOKEN = /(^|&)grant_type=/;
const TOKEN: GivenAnswer = {
  status: 200,
  headers: {},
  body: JSON.stringify({ access_token: "***", expires_in: 3_600 }),
};

export class Recorder extends Dispatcher {
  readonly calls: RecordedCall[] = [];
  readonly #answer: GivenAnswer;

  constructor(answer: GivenAnswer) {
    super();
    this.#answer = answer;
  }

  override dispatch(
    { method, origin = "", path, headers, body }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const said = typeof body === "string" ? body : "";
    const call = { method, url: `${String(origin)}${path}`, headers: plain(headers), body: said };
    this.calls.push(call);
    const answer = ASKS_FOR_TOKEN.test(said) ? TOKEN : this.#answer;
    const controller = new Controller();
    handler.onRequestStart?.(controller, {});
    if (controller.aborted) return true;
    handler.onResponseStart?.(controller, answer.status, answer.headers);
    handler.onResponseData?.(controller, Buffer.from(answer.body));
    if (!controller.aborted) handler.onResponseEnd?.(controller, {});
    return true;
  }
}

/** Adapters give their headers as one object of texts. */
function plain(headers: Dispatcher.DispatchOptions["headers"]): Record<string, string> {
  const entries: [string, unknown][] = Object.entries(headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

class Controller implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
}
