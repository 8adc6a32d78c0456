/** Tokens, keys and passwords as carriers give them: printable ASCII, of which none names a limit. */
export const SECRET_TEXT = {
  minLength: 1,
  maxLength: 1_000,
  pattern: "^[\\x21-\\x7e]+$",
  patternWords: "must be printable ASCII without spaces",
};

/** Where a carrier's API is: https, but for a stand-in on this machine (`libs/connections`). */
export const ADDRESS_TEXT = {
  pattern: "^https?://[^\\s/?#@]+$",
  patternWords:
    "must be scheme and host alone, such as https://receipts.example.com: no path, no slash at the end",
  maxLength: 200,
};
