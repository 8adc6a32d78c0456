/** Held by whoever writes to the settings topic. */
export const WRITE_LOCK_KEY = "ft:settings:write-lock";
