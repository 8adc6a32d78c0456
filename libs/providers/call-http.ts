// One HTTP call to a provider, bounded in time and size, whose end says whether the provider can
// have the message. For every adapter that speaks HTTP.
import type { Dispatcher } from "undici";

/** A carrier's answer is some hundred bytes; the longest error page that is worth reading. */
const ANSWER_BYTES_MAX = 64 * 1024;

export type HttpRequest = { path: string; headers: Record<string, string>; body: string };

export type HttpEnd =
  /** `text` null: the answer was not read to its end, because it is too long, too slow, or cut. */
  | { type: "answered"; statusCode: number; text: string | null }
  /** `isInTime` said no right before the first byte would have gone out. */
  | { type: "late" }
  /** A fault from before the first byte: the provider has nothing. */
  | { type: "unwritten"; code: string }
  /** A fault after it: nobody can tell. */
  | { type: "lost"; code: string };

type CallLimits = {
  /** From the first byte that is written to the last one that is read, ms. */
  timeoutMs: number;
  /** Asked once there is a connection, in the same turn as the write. */
  isInTime: () => boolean;
};

/** Posts; redirects are not followed, bodies are not decompressed. Never rejects. */
export function callHttp(
  dispatcher: Dispatcher,
  { path, headers, body }: HttpRequest,
  { timeoutMs, isInTime }: CallLimits,
): Promise<HttpEnd> {
  return new Promise((resolve) => {
    const answer = { statusCode: 0, chunks: [] as Buffer[], byteCount: 0 };
    let timer: NodeJS.Timeout | undefined;
    let isWritten = false;
    const end = (how: HttpEnd) => {
      clearTimeout(timer);
      resolve(how);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        if (!isInTime()) {
          end({ type: "late" });
          controller.abort(new Error("too late"));
          return;
        }
        isWritten = true;
        // A process that stood still first reads what has come meanwhile: sockets come before that.
        const giveUp = () => setImmediate(() => controller.abort(new CallTimeout()));
        timer = setTimeout(giveUp, timeoutMs);
      },
      onResponseStart(_controller, statusCode) {
        answer.statusCode = statusCode;
      },
      onResponseData(controller, chunk) {
        answer.chunks.push(chunk);
        answer.byteCount += chunk.length;
        if (answer.byteCount <= ANSWER_BYTES_MAX) return;
        end({ type: "answered", statusCode: answer.statusCode, text: null });
        controller.abort(new Error("too long"));
      },
      onResponseEnd() {
        const text = Buffer.concat(answer.chunks).toString();
        end({ type: "answered", statusCode: answer.statusCode, text });
      },
      onResponseError(_controller, error) {
        const { statusCode } = answer;
        if (statusCode > 0) return end({ type: "answered", statusCode, text: null });
        end({ type: isWritten ? "lost" : "unwritten", code: codeOf(error) });
      },
    };
    dispatcher.dispatch({ method: "POST", path, headers, body }, handler);
  });
}

class CallTimeout extends Error {
  readonly code = "TIMEOUT";
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "no-code";
}
