/** Thrown by a tool whose failure has a text of its own for the model: the call has failed, and this is its result. */
export class FailedResult extends Error {
  readonly content: string;

  constructor(content: string) {
    super('The tool has failed, and says itself how.');
    this.content = content;
  }
}
