import { html } from "@lit-labs/ssr";
import type { RootLayoutPage } from "@live-session/adapter-koa";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { stylesheets } from "../stylesheets.js";

const suffix = " · Live sessions";

/** Renders the HTML document of every page. */
export const rootLayout = ({
  title,
  csrfToken,
  scriptUrl,
  content,
}: RootLayoutPage) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="csrf-token" content=${csrfToken}>
    <title data-suffix=${suffix}>${title ?? ""}${suffix}</title>
    <link rel="icon" href="/assets/favicon.svg">
    ${unsafeHTML(stylesheets)}
    <script type="module" src=${scriptUrl}></script>
    <script type="module" src="/live/live-file-input.js"></script>
    <script type="module" src="/assets/dialogs.js"></script>
  </head>
  <body>${content}</body>
</html>`;
