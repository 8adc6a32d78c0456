// Requests that the HTTP layer itself refuses, before any dialect has seen them.
import { errorCodes, type FastifyRequest } from "fastify";
import { JsonShapeError } from "./json-shape.ts";

export type HttpFault = { status: number; advice: string };

/** What is wrong with the request; undefined for a fault that is not the client's. */
export function httpFault(error: unknown, request: FastifyRequest): HttpFault | undefined {
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) {
    const kibMax = request.routeOptions.bodyLimit / 1024;
    return { status: 413, advice: `the body is larger than ${kibMax} KiB.` };
  }
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) {
    return { status: 415, advice: "the content type must be application/json." };
  }
  if (error instanceof JsonShapeError) return { status: 400, advice: error.message };
  if (error instanceof errorCodes.FST_ERR_BAD_URL) {
    return { status: 400, advice: "the path has a percent sign that encodes nothing." };
  }
  const isClients = error instanceof Error && "statusCode" in error && error.statusCode === 400;
  return isClients ? { status: 400, advice: "the body is not valid JSON." } : undefined;
}
