import type { Mail, Mailer } from "./mailer.js";

/** A message that a `MemoryMailer` keeps. */
export interface KeptMail extends Mail {
  readonly sentAt: Date;
}

/** Keeps messages instead of sending them, for development and tests. */
export class MemoryMailer implements Mailer {
  readonly #limit: number;
  readonly #now: () => Date;
  #mails: readonly KeptMail[] = [];

  constructor({ limit = 100, now = () => new Date() }: { limit?: number; now?: () => Date } = {}) {
    this.#limit = limit;
    this.#now = now;
  }

  /** The latest messages, newest first. */
  get mails(): readonly KeptMail[] {
    return this.#mails;
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    this.#mails = [{ to, subject, text, sentAt: this.#now() }, ...this.#mails].slice(
      0,
      this.#limit,
    );
  }

  close(): void {}
}
