/** Reports a mail that was not sent. The reason is in `cause`. */
export class MailError extends Error {
  override readonly name = "MailError";
}

/** Options of a `MailQueue`. */
export interface MailQueueOptions {
  /** Called for every mail that was not sent. */
  readonly report: (error: MailError) => void;
  /** How many mails may wait; 1,000 by default. Further mails are refused and reported. */
  readonly limit?: number;
}

/**
 * Writes and sends mails one after the other, outside of the requests that caused them. So the time of a
 * request does not depend on the mail server, and does not reveal whether a mail is sent.
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

  /** Queues a job and returns at once. Reports an error of the job with the subject. */
  add(subject: string, job: () => Promise<void>): void {
    if (this.#length >= this.#limit) {
      this.#report(new MailError(`could not send "${subject}": ${this.#limit} mails are waiting`));
      return;
    }
    this.#length++;
    this.#last = this.#last.then(() => this.#run(subject, job));
  }

  /** Resolves when the queue is empty: for tests, and before the process ends. */
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
