/** Ends the reading of a send that the vendor's client would be refused, with all that it would be told. */
export class SendRefused extends Error {
  override name = "SendRefused";
  /** Of the answer, by HTTP. */
  readonly status: number;
  readonly body: object;

  /** `words`: the vendor's code and what it says. */
  constructor(words: string, answer: { status: number; body: object }) {
    super(`HTTP ${answer.status}, ${words}`);
    this.status = answer.status;
    this.body = answer.body;
  }
}
