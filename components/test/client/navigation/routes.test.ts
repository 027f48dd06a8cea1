import { expect } from "chai";
import { html, LitElement } from "lit";
import { LiveSessionController } from "../../../src/index.js";
import { speedUpClock } from "../../support/clock.js";
import { fakeServer } from "../../support/fake-server.js";
import { until } from "../../support/live-fixture.js";
import { insert, joinPage, joinReply, type LivePage, openPage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

const view = html`<a id="inside" href="/items/7" live-navigate>7</a>
  <a id="outside" href="/other?q=1" live-navigate live-replace>Other</a>
  <a id="patch" href="/elsewhere" live-patch>Elsewhere</a>`;

class HandleElement extends LitElement {
  readonly live = new LiveSessionController(this);
}
customElements.define("test-handle", HandleElement);

const start = (routes = "^/items/[^/]+$"): Promise<LivePage> =>
  joinPage({ view, attributes: `routes="${routes}"` });

const click = ({ session }: LivePage, id: string): void =>
  session.querySelector<HTMLElement>(`#${id}`)!.click();

const pageOf = (path: string): string => new URL(path, location.href).href;

describe("the routes of a live session", () => {
  const loads = stopPageLoadsOfTests();

  it("join a view for a link to one of them", async () => {
    const page = await start();
    click(page, "inside");
    await until(() => location.pathname === "/items/7");
    expect(page.server.of("phx_join")).to.have.length(2);
    expect(loads).to.deep.equal([]);
  });

  it("load the page for a link to another path, without a join", async () => {
    const page = await start();
    const asked: string[] = [];
    page.session.addEventListener("live-before-navigate", ({ href }) => asked.push(href));
    click(page, "outside");
    await until(() => loads.length === 1);
    click(page, "patch");
    await until(() => loads.length === 2);
    expect(loads).to.deep.equal([
      { url: pageOf("/other?q=1"), type: "replace" },
      { url: pageOf("/elsewhere"), type: "push" },
    ]);
    expect(asked).to.deep.equal(loads.map(({ url }) => url));
    expect(page.server.of("phx_join")).to.have.length(1);
    expect(page.session.status).to.equal("connected");
  });

  it("load the page for a link only once", async () => {
    speedUpClock();
    const page = await start();
    click(page, "outside");
    await until(() => loads.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(loads).to.deep.equal([{ url: pageOf("/other?q=1"), type: "replace" }]);
  });

  it("are not used for a cancelled navigation", async () => {
    const page = await start();
    page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
    click(page, "outside");
    expect(loads).to.deep.equal([]);
  });

  it("load the page, with its flash, for a navigation of the server to another path", async () => {
    const page = await start();
    page.server.push("live_redirect", { to: "/other", kind: "replace", flash: "signed.flash" });
    await until(() => loads.length > 0);
    expect(loads).to.deep.equal([{ url: pageOf("/other"), type: "replace" }]);
    expect(document.cookie).to.contain("__live_flash__=signed.flash");
    // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
    document.cookie = "__live_flash__=; path=/; max-age=0";
    expect(page.server.of("phx_join")).to.have.length(1);
    expect(page.server.of("phx_leave")).to.have.length(0);
  });

  it("load the page once for a refused join that redirects to another path", async () => {
    speedUpClock();
    const page = openPage({ view, attributes: 'routes="^/items/[^/]+$"' });
    page.server.onJoin = () => ({
      error: { reason: "live_redirect", to: "/other", kind: "replace" },
    });
    await until(() => loads.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect(loads).to.deep.equal([{ url: pageOf("/other"), type: "replace" }]);
    expect(page.server.of("phx_join")).to.have.length(1);
  });

  it("allow a join that the server then refuses", async () => {
    const page = await start();
    page.server.onJoin = () => ({ error: { reason: "unauthorized" } });
    click(page, "inside");
    await until(() => loads.length > 0);
    expect(loads).to.deep.equal([{ url: pageOf("/items/7"), type: "push" }]);
  });

  it("are ignored if they are not a valid expression", async () => {
    const page = await start("(");
    click(page, "outside");
    await until(() => location.pathname === "/other");
    expect(loads).to.deep.equal([]);
  });

  it("are part of the join information of a view in another page", async () => {
    const { fetch } = globalThis;
    const server = fakeServer();
    server.onJoin = () => joinReply(view);
    globalThis.fetch = async () =>
      Response.json({ id: "widget", token: "signed", csrfToken: "", routes: "^/items/[^/]+$" });
    try {
      const session = insert('<live-session src="/items/1"></live-session>');
      await until(() => session.status === "connected");
      click({ session, server }, "outside");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: pageOf("/other?q=1"), type: "replace" }]);
      click({ session, server }, "inside");
      await until(() => server.of("phx_join").length === 2);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("apply to the view's own origin only", async () => {
    const { session, server } = await start("");
    const nav = session.appendChild(new HandleElement());
    await until(() => nav.live.handle);
    nav.live.handle?.navigate("https://example.org/");
    await until(() => loads.length > 0);
    expect(loads).to.deep.equal([{ url: "https://example.org/", type: "push" }]);
    expect(server.of("phx_join")).to.have.length(1);
  });
});
