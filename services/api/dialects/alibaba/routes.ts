// The one path of Alibaba's RPC. What is asked for stands in headers, in the query, or in a form. A browser
// that comes there is led to the api's page.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { apiError } from "#libs/dialects/alibaba/api-error.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { checkRate } from "../../http/check-rate.ts";
import { actions } from "./actions.ts";
import { admit, readSignature } from "./admit.ts";
import { readCall, readGiven } from "./read-call.ts";
import { newRequestId } from "./request-id.ts";

export const ALIBABA_PATH = "/";
const DOCS_PATH = "/ft/v1/docs";
const VERSION = "2020-06-06";
/** A thousand messages of 2 KiB each, which is 1 KiB before it is percent-encoded. */
const CALL_BYTES_MAX = 2 * 1024 * 1024;

export function alibabaRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // A signature is of the bytes, so they are read as they are, whatever they say of themselves.
    server.removeAllContentTypeParsers();
    const asBuffer = { parseAs: "buffer", bodyLimit: CALL_BYTES_MAX } as const;
    server.addContentTypeParser("*", asBuffer, async (_: FastifyRequest, bytes: Buffer) => bytes);
    const options = { bodyLimit: CALL_BYTES_MAX };
    server.post(ALIBABA_PATH, options, async (request) => answer(request, deps));
    server.get(ALIBABA_PATH, async (request, reply) => {
      if (namesAction(request)) return reply.callNotFound();
      return reply.redirect(DOCS_PATH);
    });
  };
}

/** Alibaba's clients name one in every call. Who names none is a person with the address of the api. */
function namesAction({ url, headers }: FastifyRequest): boolean {
  const query = new URLSearchParams(url.split("?").slice(1).join("?"));
  return query.has("Action") || headers["x-acs-action"] !== undefined;
}

async function answer(request: FastifyRequest, deps: ApiDeps): Promise<object> {
  const call = readCall(request);
  const claim = readSignature(call);
  const action = actions.get(claim.action);
  if (!action) throw apiError("InvalidAction.NotFound");
  if (claim.version !== VERSION) throw apiError("InvalidVersion");
  await admit(request, { claim, scope: action.scope }, deps);
  await checkRate(request, deps);
  const answered = await action.carryOut(await readGiven(call), request, deps);
  return { RequestId: newRequestId(), Code: "OK", Message: "OK", ...answered };
}
