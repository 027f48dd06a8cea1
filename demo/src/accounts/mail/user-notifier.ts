import { MailQueue, type MailQueueOptions } from "./mail-queue.js";
import type { Mailer } from "./mailer.js";

/** Makes the link of a mail. It runs when the mail's turn has come, not in the request. */
export type MakeUrl = () => Promise<string>;

/** Options of `createUserNotifier`. */
export interface UserNotifierOptions extends MailQueueOptions {
  readonly mailer: Mailer;
}

/** Writes the mails that users get. Its functions return at once; failures go to `report`. */
export interface UserNotifier {
  /** The link that proves that the new user reads the address. */
  deliverConfirmationInstructions(to: string, makeUrl: MakeUrl): void;
  /** The link to the form for a new password. */
  deliverResetPasswordInstructions(to: string, makeUrl: MakeUrl): void;
  /** The link that makes this address the user's. */
  deliverUpdateEmailInstructions(to: string, makeUrl: MakeUrl): void;
  /** Resolves when all mails have been sent or given up. */
  idle(): Promise<void>;
}

/** Makes a notifier that sends through a mailer, one mail at a time. */
export function createUserNotifier({ mailer, ...queueOptions }: UserNotifierOptions): UserNotifier {
  const queue = new MailQueue(queueOptions);
  const deliver = (subject: string, to: string, body: Body, makeUrl: MakeUrl) =>
    queue.add(subject, async () => {
      await mailer.send({ to, subject, text: write(to, body, await makeUrl()) });
    });
  return {
    deliverConfirmationInstructions: (to, makeUrl) =>
      deliver("Confirmation instructions", to, confirmation, makeUrl),
    deliverResetPasswordInstructions: (to, makeUrl) =>
      deliver("Reset password instructions", to, passwordReset, makeUrl),
    deliverUpdateEmailInstructions: (to, makeUrl) =>
      deliver("Update email instructions", to, emailUpdate, makeUrl),
    idle: () => queue.idle(),
  };
}

interface Body {
  /** What opening the link does. */
  readonly request: string;
  /** What to do for somebody who never asked. */
  readonly otherwise: string;
}

const confirmation: Body = {
  request: "open this link to confirm your account:",
  otherwise: "If you have not created an account with us, you need not do anything.",
};

const passwordReset: Body = {
  request: "open this link within a day to choose a new password:",
  otherwise:
    "If you have not asked for a new password, you need not do anything: the old one still works.",
};

const emailUpdate: Body = {
  request: "open this link to make this the address of your account:",
  otherwise: "If you have not asked for this change, you need not do anything.",
};

function write(to: string, { request, otherwise }: Body, url: string): string {
  return `Hello ${to},\n\n${request}\n\n${url}\n\n${otherwise}\n`;
}
