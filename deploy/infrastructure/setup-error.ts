/** Set-up cannot go on; the message is a whole sentence that tells a person what to do. */
export class SetupError extends Error {
  override name = "SetupError";
}
