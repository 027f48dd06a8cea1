/** A mail was not sent. The cause says why. */
export class MailError extends Error {
  override readonly name = "MailError";
}

/** Options of a `MailQueue`. */
export interface MailQueueOptions {
  /** Hears of every mail that was not sent. */
  readonly report: (error: MailError) => void;
  /** How many mails may wait. Past it new ones are refused, and reported. */
  readonly limit?: number;
}

/**
 * Writes and sends mails one after the other, apart from the requests that asked for them: how long a
 * request takes then tells neither how the mail server is doing nor whether there was a mail to send.
 */
export class MailQueue {
  readonly #report: (error: MailError) => void;
  readonly #limit: number;
  #length = 0;
  #last: Promise<void> = Promise.resolve();

  constructor({ report, limit = 1000 }: MailQueueOptions) {
    this.#report = report;
    this.#limit = limit;
  }

  /** Takes a job and returns at once. What it throws is reported under the subject. */
  add(subject: string, job: () => Promise<void>): void {
    if (this.#length >= this.#limit) {
      this.#report(new MailError(`could not send "${subject}": ${this.#limit} mails are waiting`));
      return;
    }
    this.#length++;
    this.#last = this.#last.then(() => this.#run(subject, job));
  }

  /** Resolves when nothing waits any more: for tests, and before the process ends. */
  async idle(): Promise<void> {
    while (this.#length > 0) await this.#last;
  }

  async #run(subject: string, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#report(new MailError(`could not send "${subject}"`, { cause: error }));
    } finally {
      this.#length--;
    }
  }
}
