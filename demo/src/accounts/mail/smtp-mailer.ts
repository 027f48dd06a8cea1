import { createTransport } from "nodemailer";
import type { Mail, Mailer } from "./mailer.js";

const FROM = { name: "Live sessions", address: "contact@example.com" };
/** How long to wait for the mail server, in milliseconds. */
const WAIT_MS = 15_000;

/** Sends mail through an SMTP server: `smtps://user:password@mail.example.com`. */
export function createSmtpMailer(url: string): Mailer {
  const transport = createTransport(
    { url, connectionTimeout: WAIT_MS, greetingTimeout: WAIT_MS, socketTimeout: WAIT_MS },
    { from: FROM, disableFileAccess: true, disableUrlAccess: true },
  );
  return {
    async send({ to, subject, text }: Mail) {
      // nodemailer splits a string at commas, so the address is passed as an object.
      await transport.sendMail({ to: { name: "", address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}
