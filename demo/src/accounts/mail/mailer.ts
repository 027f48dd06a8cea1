/** A plain text message to one address. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail. */
export interface Mailer {
  /** Sends a message. Rejects if the mail server does not accept it. */
  send(mail: Mail): Promise<void>;
  /** Closes all connections. */
  close(): void;
}
