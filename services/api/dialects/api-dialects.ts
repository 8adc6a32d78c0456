// The one list of the dialects that the api serves.
import type { FastifyInstance } from "fastify";
import type { DialectName } from "#libs/dialects/names.ts";
import type { ApiDeps } from "../api-deps.ts";
import { eightByEightApi } from "./8x8/eight-by-eight-api.ts";
import { alibabaApi } from "./alibaba/alibaba-api.ts";
import type { ApiDialect } from "./api-dialect.ts";
import { infobipApi } from "./infobip/infobip-api.ts";
import { kaleyraApi } from "./kaleyra/kaleyra-api.ts";
import { nativeApi } from "./native/native-api.ts";
import { dispatchApi } from "./vonage/dispatch-api.ts";
import { vonageApi } from "./vonage/vonage-api.ts";

const apiDialects: Readonly<Record<DialectName, ApiDialect>> = {
  native: nativeApi,
  "8x8": eightByEightApi,
  infobip: infobipApi,
  kaleyra: kaleyraApi,
  alibaba: alibabaApi,
  vonage: vonageApi,
  "vonage-dispatch": dispatchApi,
};

/** The dialect whose words a request is answered in; our own for a path that is nobody's. */
export function ownerOf(url: string): ApiDialect {
  const path = url.split("?", 1)[0] ?? "";
  return Object.values(apiDialects).find(({ owns }) => owns(path)) ?? nativeApi;
}

/** Every dialect's routes. Throws for a route at a path that its dialect does not own. */
export function serveDialects(server: FastifyInstance, deps: ApiDeps): void {
  for (const dialect of Object.values(apiDialects)) {
    server.register(async (scope) => {
      scope.addHook("onRoute", ({ url }) => {
        if (ownerOf(url) !== dialect) throw new Error(`${url} is not owned by ${dialect.name}.`);
      });
      scope.register(dialect.routes(deps));
    });
  }
}
