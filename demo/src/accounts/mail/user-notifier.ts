import { MailQueue, type MailQueueOptions } from "./mail-queue.js";
import type { Mailer } from "./mailer.js";

/** Makes the link of a mail. Runs when the queue sends the mail, not during the request. */
export type MakeUrl = () => Promise<string>;

/** The link and the code of a login mail. */
export interface LoginSecrets {
  readonly url: string;
  readonly code: string;
}

/** Options of `createUserNotifier`. */
export interface UserNotifierOptions extends MailQueueOptions {
  readonly mailer: Mailer;
}

/** Sends mails to users. All functions return at once; `report` receives errors. */
export interface UserNotifier {
  /** Sends the link that confirms the address of a new user. */
  deliverConfirmationInstructions(to: string, makeUrl: MakeUrl): void;
  /** Sends the link and the code of a login. `makeSecrets` runs when the queue sends the mail. */
  deliverLoginInstructions(to: string, makeSecrets: () => Promise<LoginSecrets>): void;
  /** Sends the link to the form for a new password. */
  deliverResetPasswordInstructions(to: string, makeUrl: MakeUrl): void;
  /** Sends the link that makes this address the user's. */
  deliverUpdateEmailInstructions(to: string, makeUrl: MakeUrl): void;
  /** Resolves when all mails have been sent or have failed. */
  idle(): Promise<void>;
}

/** Creates a notifier that sends one mail at a time with a mailer. */
export function createUserNotifier({ mailer, ...queueOptions }: UserNotifierOptions): UserNotifier {
  const queue = new MailQueue(queueOptions);
  const send = (subject: string, to: string, makeText: () => Promise<string>) =>
    queue.add(subject, async () => {
      await mailer.send({ to, subject, text: await makeText() });
    });
  const deliver = (subject: string, to: string, body: Body, makeUrl: MakeUrl) =>
    send(subject, to, async () => write(to, body, await makeUrl()));
  return {
    deliverConfirmationInstructions: (to, makeUrl) =>
      deliver("Confirmation instructions", to, confirmation, makeUrl),
    deliverLoginInstructions: (to, makeSecrets) =>
      send("Log in instructions", to, async () => writeLogin(to, await makeSecrets())),
    deliverResetPasswordInstructions: (to, makeUrl) =>
      deliver("Reset password instructions", to, passwordReset, makeUrl),
    deliverUpdateEmailInstructions: (to, makeUrl) =>
      deliver("Update email instructions", to, emailUpdate, makeUrl),
    idle: () => queue.idle(),
  };
}

interface Body {
  /** Asks the user to open the link. */
  readonly request: string;
  /** Advice for a user who did not request the mail. */
  readonly otherwise: string;
}

const confirmation: Body = {
  request: "Open this link to confirm your account:",
  otherwise: "If you did not create an account with us, please ignore this email.",
};

const passwordReset: Body = {
  request: "Open this link within 24 hours to choose a new password:",
  otherwise:
    "If you did not request a new password, please ignore this email. Your password stays the same.",
};

const emailUpdate: Body = {
  request: "Open this link to confirm your new email address:",
  otherwise: "If you did not request this change, please ignore this email.",
};

function write(to: string, { request, otherwise }: Body, url: string): string {
  return `Hello ${to},\n\n${request}\n\n${url}\n\n${otherwise}\n`;
}

function writeLogin(to: string, { url, code }: LoginSecrets): string {
  return `Hello ${to},

Open this link to log in:

${url}

Or enter this code on the page where you requested this email:

${code}

The link and the code are valid for 15 minutes, and only one of them can be used, once. If you did not request this email, please ignore it.
`;
}
