// How a dialect is served by HTTP; what its clients say and hear is in `libs/dialects`.
import type { FastifyInstance } from "fastify";
import type { DialectName } from "#libs/dialects/names.ts";
import type { ApiDeps } from "../api-deps.ts";
import type { AnswerWords } from "../http/answer.ts";

export type ApiDialect = AnswerWords & {
  name: DialectName;
  /**
   * Whether a path is this dialect's, whatever follows `?`: all of its routes are, and what no route
   * takes there is answered in its words. No two dialects own a path.
   */
  owns: (path: string) => boolean;
  /** Its routes, each with its whole path. */
  routes: (deps: ApiDeps) => (server: FastifyInstance) => Promise<void>;
};
