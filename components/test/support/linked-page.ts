import { html } from "lit";
import type { JoinPayload } from "../../src/protocol/index.js";
import { until } from "./live-fixture.js";
import { joinPage, type LivePage } from "./live-page.js";

const links = html`<nav>
  <a id="a" href="/a" live-navigate>A</a>
  <a id="b" href="/elsewhere" live-navigate="/b">B</a>
  <a id="replacing" href="/b" live-navigate live-replace>B</a>
  <a id="patch" href="?page=2" live-patch>Page 2</a>
  <a id="patch3" href="?page=3" live-patch>Page 3</a>
  <a id="anchor" href="#there">There</a>
  <a id="blank" href="/a" live-navigate target="_blank">New window</a>
  <a id="named" href="/a" live-navigate target="other">Other window</a>
  <a id="download" href="/a" live-navigate download>Save</a>
  <a id="foreign" href="https://example.org/a" live-navigate>Foreign</a>
  <a id="plain" href="/a">Plain</a>
  <button id="event" live-click="save">Save</button>
</nav>`;

/** Renders a layout with links around the view of a URL, like the server. */
export const layout = (url: string, { params }: Partial<JoinPayload> = {}) =>
  html`${links}<main>${{ x: "keyed", v: [params?._navigations ?? 0, view(url)] }}</main>`;

const view = (url: string) => html`<input /><h1>${new URL(url).pathname}</h1>`;

/** Opens a page with links and waits for the join. */
export const startPage = (): Promise<LivePage> =>
  joinPage({ view: layout(location.href), joined: layout });

/** Returns the path that the view shows. */
export const heading = ({ session }: LivePage): string => session.querySelector("h1")!.textContent!;
/** Clicks a link. Returns false if the browser must not follow it. */
export const click = (page: LivePage, id: string, init: MouseEventInit = {}): boolean =>
  page.session
    .querySelector(`#${id}`)!
    .dispatchEvent(
      new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, ...init }),
    );

/** Waits until a path is shown, by the view and by the browser. */
export const arrived = (page: LivePage, path: string): Promise<unknown> =>
  until(() => heading(page) === path && location.pathname === path);
