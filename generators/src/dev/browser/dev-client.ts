import { showErrors } from "./overlay.js";
import { warnAboutBindings } from "./warnings.js";

/** An event of the development server. */
type DevEvent =
  | { readonly type: "errors"; readonly errors: Parameters<typeof showErrors>[0] }
  | { readonly type: "style"; readonly file: string }
  | { readonly type: "restarted" | "reload" };

const hasFailed = Number(new URL(import.meta.url).searchParams.get("status")) >= 500;

/** Loads the stylesheets of a file again. The old one stays until the new one is loaded, so that the page keeps its look. */
function swapStyles(file: string): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")) {
    const url = new URL(link.href);
    if (!url.pathname.endsWith(`/${file}`)) continue;
    url.searchParams.set("changed", String(Date.now()));
    const next = link.cloneNode() as HTMLLinkElement;
    next.href = url.href;
    next.addEventListener("load", () => link.remove(), { once: true });
    link.after(next);
  }
}

let mustConnect = false;

/**
 * Connects again at once after a restart, when the browser has noticed that the old connection is closed. The client of live
 * sessions skips its usual delay when the network is back.
 */
function connectAfterRestart(): void {
  if (!mustConnect || !document.querySelector("live-session:not([status=connected])")) return;
  mustConnect = false;
  dispatchEvent(new Event("online"));
}

new MutationObserver(connectAfterRestart).observe(document, {
  attributeFilter: ["status"],
  subtree: true,
});

const source = new EventSource(new URL("./events", import.meta.url));
source.addEventListener("message", ({ data }) => {
  const event: DevEvent = JSON.parse(data);
  if (event.type === "errors") showErrors(event.errors);
  else if (event.type === "style") swapStyles(event.file);
  else if (event.type === "reload" || hasFailed) location.reload();
  else {
    mustConnect = true;
    connectAfterRestart();
  }
});
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});

warnAboutBindings(document);
