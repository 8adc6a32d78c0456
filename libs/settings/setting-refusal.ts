/** Why a change of the settings is refused. */
export type RefusalCode =
  | "not-found"
  | "invalid"
  | "unknown-reference"
  | "in-use"
  | "too-many"
  | "revision-missing"
  | "revision-mismatch";

/** A change that the rules of settings refuse; the message says what to do. Nothing was changed. */
export class SettingRefusal extends Error {
  override name = "SettingRefusal";
  readonly code: RefusalCode;
  /** Names of the settings that stand against it, as `kind/name`. */
  readonly usedBy: readonly string[];

  constructor(code: RefusalCode, advice: string, usedBy: readonly string[] = []) {
    super(advice);
    this.code = code;
    this.usedBy = usedBy;
  }
}
