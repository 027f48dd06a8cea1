import "@live-session/components/live-session.js";
import "@live-session/components/light-nav.js";
import { mountDataContext } from "@live-session/components/context.js";

const nav = document.createElement("light-nav");
nav.items = [
  { id: "other", label: "Other", href: "#other" },
  { id: "counter", label: "Counter", href: "#counter" },
];

const session = document.createElement("live-session");
session.src = new URLSearchParams(location.search).get("server") ?? undefined;
session.append(nav);
session.addEventListener("live-error", ({ code, message }) => {
  document.title = `${code}: ${message}, ${String(mountDataContext)}`;
});
document.querySelector("main")?.append(session);
