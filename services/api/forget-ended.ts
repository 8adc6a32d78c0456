// Settings that hold until an instant are deleted behind it: nothing sealed lies there for ever.
import { isOver } from "#libs/connections/end-connection.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ApiDeps } from "./api-deps.ts";

type Deps = Pick<ApiDeps, "settings" | "writer" | "log">;

/** Nobody reads one that is over; an hour more of it harms nobody. */
const INTERVAL_MS = 3_600_000;

/** Looks at once and every hour; whatever fails is tried again an hour later. */
export function forgetEnded(deps: Deps): Disposable {
  const look = () => {
    forgetOver(deps).catch((error: unknown) => {
      const level = error instanceof RetriableError ? "warn" : "error";
      deps.log[level]({ err: error }, "deleted connections are still kept");
    });
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function forgetOver({ settings, writer }: Deps): Promise<void> {
  for (const setting of settings.all()) {
    if (setting.kind !== "ended-connection" || !isOver(setting.body, Date.now())) continue;
    const { accountId, kind, name } = setting;
    const place = { accountId, kind, name };
    await writer.change({ place, expected: "anything", by: "api", next: () => null });
  }
}
