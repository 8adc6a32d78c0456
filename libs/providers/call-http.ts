// One HTTP call to a provider, bounded in time and size, whose end says whether the provider can
// have the message. For every adapter that speaks HTTP.
import type { Dispatcher } from "undici";
import { retryAfterMs } from "#libs/http/outward/retry-after.ts";

/** A carrier's answer is some hundred bytes; the longest error page that is worth reading. */
const ANSWER_BYTES_MAX = 64 * 1024;
/** A page of a list, or a batch of receipts: as much as a carrier may post of them. */
export const LIST_BYTES_MAX = 3 * 1024 * 1024;

export type HttpRequest = {
  /** Absent: POST. */
  method?: "POST" | "GET" | "PUT" | "PATCH" | "DELETE";
  /** For a dispatcher of many hosts. */
  origin?: string;
  path: string;
  headers: Record<string, string>;
  body: string;
};

export type HttpEnd =
  /** `text` null: the answer was not read to its end, because it is too long, too slow, or cut. */
  | { type: "answered"; statusCode: number; text: string | null; retryAfterMs: number }
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
  /** What is longer is not read to its end. Absent: as long as an answer to a message is. */
  bytesMax?: number;
};

/** One call; redirects are not followed, bodies are not decompressed. Never rejects. */
export function callHttp(
  dispatcher: Dispatcher,
  request: HttpRequest,
  { timeoutMs, isInTime, bytesMax = ANSWER_BYTES_MAX }: CallLimits,
): Promise<HttpEnd> {
  return new Promise((resolve) => {
    const answer = { statusCode: 0, retryAfterMs: 0 };
    const body = { chunks: [] as Buffer[], byteCount: 0 };
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
      onResponseStart(_controller, statusCode, headers) {
        answer.statusCode = statusCode;
        answer.retryAfterMs = retryAfterMs(headers["retry-after"], Date.now());
      },
      onResponseData(controller, chunk) {
        body.chunks.push(chunk);
        body.byteCount += chunk.length;
        if (body.byteCount <= bytesMax) return;
        end({ type: "answered", ...answer, text: null });
        controller.abort(new Error("too long"));
      },
      onResponseEnd() {
        end({ type: "answered", ...answer, text: Buffer.concat(body.chunks).toString() });
      },
      onResponseError(_controller, error) {
        if (answer.statusCode > 0) return end({ type: "answered", ...answer, text: null });
        end({ type: isWritten ? "lost" : "unwritten", code: codeOf(error) });
      },
    };
    dispatcher.dispatch({ method: "POST", ...request }, handler);
  });
}

/**
 * A question: one call that no message depends on, so that it is never too late to ask. `timeoutMs` and
 * `bytesMax` as for `callHttp`.
 */
export function askHttp(
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: Omit<CallLimits, "isInTime">,
): Promise<HttpEnd> {
  return callHttp(dispatcher, request, { ...limits, isInTime: () => true });
}

class CallTimeout extends Error {
  readonly code = "TIMEOUT";
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "no-code";
}
