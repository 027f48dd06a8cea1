import { html as documentHtml } from "@lit-labs/ssr";
import { type LayoutAssigns, LiveRouter, type RootLayout } from "@live-session/adapter-koa";
import { nav } from "@live-session/adapter-koa/hooks";
import { html, nothing } from "lit";
import { boardLive, taskLive } from "./board-live.js";
import { ensureMember, unread, whoIsHere } from "./hooks.js";
import { logInLive } from "./log-in.js";
import { roomLive } from "./room-live.js";
import { rooms } from "./store.js";

interface TeamAssigns extends LayoutAssigns {
  readonly activeNav: string | null;
  readonly member: string;
  readonly presence: readonly string[];
  readonly unread: Readonly<Record<string, number>>;
}

const layout = ({
  activeNav,
  member,
  presence,
  unread,
  flash,
  csrfToken,
  content,
}: TeamAssigns) => {
  const link = (path: string, label: unknown) => html`<a
    href=${path} live-navigate aria-current=${activeNav === path ? "page" : nothing}>${label}</a>`;
  return html`
    <header>
      <nav aria-label="Pages">
        ${rooms.map((room) =>
          link(
            `/rooms/${room}`,
            html`#${room}
          ${unread[room] ? html`<span class="count">${unread[room]} new</span>` : null}`,
          ),
        )}
        ${link("/board", "Board")}
      </nav>
      <form action="/log_out" method="post">
        <input type="hidden" name="_csrf_token" value=${csrfToken}>
        ${member} <button>Log out</button>
      </form>
      <p>Here: ${presence.join(", ")}</p>
    </header>
    <live-flash .flash=${flash}></live-flash>
    <main>${content}</main>`;
};

const rootLayout: RootLayout = ({
  title,
  csrfToken,
  scriptUrl,
  content,
}) => documentHtml`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="csrf-token" content=${csrfToken}>
    <title data-suffix=" · Team">${title ?? ""} · Team</title>
    <link rel="stylesheet" href="/style.css">
    <script type="module" src=${scriptUrl}></script>
    <script type="module" src="/live/live-file-input.js"></script>
  </head>
  <body>${content}</body>
</html>`;

/** The pages of the app. */
export const router = new LiveRouter();

router.liveSession("visitors", { rootLayout }).live("/log_in", logInLive);

router
  .liveSession("members", {
    onMount: [ensureMember, whoIsHere, unread, nav(({ url }) => new URL(url).pathname)],
    layout,
    rootLayout,
  })
  .live("/rooms/:room", roomLive)
  .live("/board", boardLive)
  .live("/tasks/:id", taskLive);
