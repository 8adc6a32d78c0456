// Kaleyra's dialect as others see it; README.md says what its clients find.
import type { Dialect } from "#libs/dialects/dialect.ts";
import { callback, tells } from "./callback/callback.ts";

export const kaleyra: Dialect = { name: "kaleyra", notifications: { tells, body: callback } };
