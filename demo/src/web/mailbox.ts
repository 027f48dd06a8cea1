import { html, render } from "@lit-labs/ssr";
import { collectResult } from "@lit-labs/ssr/lib/render-result.js";
import type { Context } from "koa";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { KeptMail, MemoryMailer } from "../accounts/mail/memory-mailer.js";
import type { UserNotifier } from "../accounts/mail/user-notifier.js";
import { stylesheets } from "./stylesheets.js";

/**
 * Shows the mails that were kept in memory, newest first; as JSON with `?format=json`. For development and
 * tests only: the links of the mails give access to accounts.
 */
export function mailbox(mailer: MemoryMailer, notifier: UserNotifier) {
  return async function mailbox(ctx: Context): Promise<void> {
    await notifier.idle();
    ctx.set("Cache-Control", "no-store");
    if (ctx.query.format === "json") {
      ctx.body = mailer.mails;
    } else {
      ctx.type = "html";
      ctx.body = await collectResult(render(page(mailer.mails)));
    }
  };
}

const page = (mails: readonly KeptMail[]) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Mailbox · Live sessions</title>
    <link rel="icon" href="/assets/favicon.svg">
    ${unsafeHTML(stylesheets)}
  </head>
  <body>
    <main>
      <h1>Mailbox</h1>
      ${mails.length === 0 ? html`<p>No mail has been sent yet.</p>` : mails.map(article)}
      <p><a href="/">Go to the home page</a></p>
    </main>
  </body>
</html>`;

const article = ({ to, subject, text, sentAt }: KeptMail) => html`
  <article class="card mail">
    <h2>${subject}</h2>
    <p class="muted">To ${to}, <time datetime=${sentAt.toISOString()}>${sentAt.toUTCString()}</time></p>
    <p class="text">${text
      .trim()
      .split(/(https?:\/\/\S+)/)
      .map(linked)}</p>
  </article>`;

const linked = (part: string, index: number) =>
  index % 2 === 1 ? html`<a href=${part}>${part}</a>` : part;
