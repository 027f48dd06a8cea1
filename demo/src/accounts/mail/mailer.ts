/** A plain text message to one address. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail. */
export interface Mailer {
  /** Hands a message over; rejects when it was not taken. */
  send(mail: Mail): Promise<void>;
  /** Ends what connections there are. */
  close(): void;
}
