import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { html } from "@lit-labs/ssr";
import type { RootLayoutPage } from "../live/declarations/root-layout.js";

/** Renders the document of the dashboard. Only it loads the script with the plots and the styles. */
export const dashboardDocument = ({
  title = "Dashboard",
  csrfToken,
  scriptUrl,
  content,
}: RootLayoutPage) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <meta name="csrf-token" content=${csrfToken}>
    <link rel="icon" href="data:,">
    <title>${title}</title>
    <script type="module" src=${scriptUrl}></script>
    <script type="module" src=${plotsUrl(scriptUrl)}></script>
  </head>
  <body>${content}</body>
</html>`;

let plotsFile: string | undefined;

/** Returns the URL of the script with the plots, which is in the folder of the client script. */
function plotsUrl(scriptUrl: string): string {
  plotsFile ??= findPlots();
  return scriptUrl.replace(/[^/]*$/, plotsFile);
}

function findPlots(): string {
  const script = "@live-session/components/script/live-session.js";
  const folder = dirname(createRequire(import.meta.url).resolve(script));
  return readdirSync(folder).find((file) => /^dashboard-.*\.js$/.test(file)) ?? "";
}
