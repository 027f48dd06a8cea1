import { expect } from "chai";
import { html, LitElement, type TemplateResult } from "lit";
import type { LiveNavigateEvent, LivePageLoadingStartEvent } from "../../src/index.js";
import type { JoinPayload } from "../../src/protocol/index.js";
import { until } from "../support/live-fixture.js";
import { closePages, joinPage, joinReply, type LivePage, openPage } from "../support/live-page.js";
import { allowPageLoads, type PageLoad, stopPageLoads } from "../support/page-loads.js";

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
</nav>`;

/** A layout with links around the view of a URL, as the server renders it. */
const layout = (url: string, { params }: Partial<JoinPayload> = {}) =>
  html`${links}<main>${{ x: "keyed", v: [params?._navigations ?? 0, view(url)] }}</main>`;

const view = (url: string) => html`<input /><h1>${new URL(url).pathname}</h1>`;

class LinkElement extends LitElement {
  override render(): TemplateResult {
    return html`<a href="/a" live-navigate><b>A</b></a>`;
  }
}
customElements.define("test-link", LinkElement);

const start = (): Promise<LivePage> => joinPage({ view: layout(location.href), joined: layout });

const heading = ({ session }: LivePage): string => session.querySelector("h1")!.textContent!;
const click = (page: LivePage, id: string, init: MouseEventInit = {}): boolean =>
  page.session
    .querySelector(`#${id}`)!
    .dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true, cancelable: true, ...init }));

/** Goes through history and waits for the browser to be there. */
const go = (steps: number): Promise<void> =>
  new Promise((resolve) => {
    window.addEventListener("popstate", () => resolve(), { once: true });
    history.go(steps);
  });

describe("live navigation", () => {
  let loads: readonly PageLoad[];
  let startPath: string;

  beforeEach(() => {
    history.replaceState(null, "", location.href.split("#")[0]);
    startPath = location.pathname;
    loads = stopPageLoads();
  });

  afterEach(async () => {
    allowPageLoads();
    await closePages();
  });

  const arrived = (page: LivePage, path: string): Promise<unknown> =>
    until(() => heading(page) === path && location.pathname === path);

  describe("by a navigate link", () => {
    it("leaves and joins over the same connection, then changes the URL", async () => {
      const page = await start();
      const { server } = page;
      const { href } = location;
      const { length } = history;
      server.onJoin = () => undefined;
      expect(click(page, "a")).to.equal(false);
      expect(location.href).to.equal(href);
      const [first, second] = server.of("phx_join");
      expect(server.received.map(({ event }) => event)).to.deep.equal(["phx_join", "phx_leave", "phx_join"]);
      expect(second!.topic).to.equal(first!.topic);
      expect(second!.payload).to.deep.include({
        token: "signed",
        redirect: new URL("/a", location.href).href,
        params: { _csrf_token: "csrf", _mounts: 0, _attempts: 0, _navigations: 1 },
      });
      server.reply(second!, joinReply(layout(second!.payload.redirect, second!.payload)).ok);
      await arrived(page, "/a");
      expect(history.length).to.equal(length + 1);
      expect(server.sockets).to.have.length(1);
      expect(loads).to.deep.equal([]);
    });

    it("keeps the nodes of the layout and makes those of the view anew", async () => {
      const page = await start();
      const [nav, input] = [page.session.querySelector("nav"), page.session.querySelector("input")];
      input!.value = "typed";
      click(page, "a");
      await arrived(page, "/a");
      expect(page.session.querySelector("nav")).to.equal(nav);
      expect(page.session.querySelector("input")).to.not.equal(input);
      expect(page.session.querySelector("input")!.value).to.equal("");
    });

    it("takes the URL from the binding before the one of the link", async () => {
      const page = await start();
      click(page, "b");
      await arrived(page, "/b");
    });

    it("replaces the entry where it says so", async () => {
      const page = await start();
      const { length } = history;
      click(page, "replacing");
      await arrived(page, "/b");
      expect(history.length).to.equal(length);
    });

    it("mounts the same URL anew without a history entry", async () => {
      const page = await start();
      click(page, "a");
      await arrived(page, "/a");
      const { length } = history;
      click(page, "a");
      await until(() => page.server.of("phx_join").length === 3 && page.session.status === "connected");
      expect(page.server.of("phx_join")[2]!.payload.params._navigations).to.equal(2);
      expect(history.length).to.equal(length);
    });

    it("works inside of a shadow root", async () => {
      const page = await start();
      const element = document.createElement("test-link") as LinkElement;
      page.session.querySelector("nav")!.append(element);
      await element.updateComplete;
      element.shadowRoot!.querySelector("b")!.click();
      await arrived(page, "/a");
    });

    it("works outside of the live session", async () => {
      const page = await start();
      const link = document.createElement("a");
      link.href = "/a";
      link.setAttribute("live-navigate", "");
      document.body.append(link);
      link.click();
      await arrived(page, "/a");
      link.remove();
    });

    it("ignores a second click while it is under way", async () => {
      const page = await start();
      page.server.onJoin = () => undefined;
      click(page, "a");
      expect(click(page, "a")).to.equal(false);
      expect(page.server.of("phx_join")).to.have.length(2);
    });

    it("ends on the last of ten quick clicks, whatever comes back before", async () => {
      const page = await start();
      const { length } = history;
      page.server.onJoin = () => undefined;
      for (let i = 0; i < 5; i++) for (const id of ["a", "b"]) click(page, id);
      const joins = page.server.of("phx_join").slice(1);
      expect(joins).to.have.length(10);
      for (const join of joins) {
        page.server.reply(join, joinReply(layout(join.payload.redirect, join.payload)).ok);
      }
      await arrived(page, "/b");
      expect(history.length).to.equal(length + 1);
    });

    it("drops what the view that was left still sends", async () => {
      const page = await start();
      click(page, "a");
      await arrived(page, "/a");
      const [first] = page.server.of("phx_join");
      page.server.push("diff", { diff: { "1.1.0": "late" } }, first);
      page.server.push("phx_close", {}, first);
      page.server.push("diff", { title: "seen" });
      await until(() => document.title === "seen");
      expect(heading(page)).to.equal("/a");
      expect(page.session.status).to.equal("connected");
    });

    it("leaves to the browser what is no plain click in this window to this site", async () => {
      const page = await start();
      const isLeft = (id: string, init?: MouseEventInit): boolean => {
        let isUntouched = false;
        const look = (e: Event) => {
          isUntouched = !e.defaultPrevented;
          e.preventDefault();
        };
        window.addEventListener("click", look, { once: true });
        click(page, id, init);
        return isUntouched;
      };
      for (const id of ["blank", "named", "download", "foreign", "plain"])
        expect(isLeft(id), id).to.equal(true);
      for (const key of ["ctrlKey", "metaKey", "shiftKey", "altKey"]) {
        expect(isLeft("a", { [key]: true }), key).to.equal(true);
      }
      expect(isLeft("a", { button: 1 })).to.equal(true);
      expect(page.server.of("phx_join")).to.have.length(1);
    });

    it("leaves the link to the browser while the connection is down", async () => {
      const page = await start();
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      click(page, "a");
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
    });

    it("marks the link until it has ended", async () => {
      const page = await start();
      page.server.onJoin = () => undefined;
      const isMarked = () => page.session.querySelector("#a")!.classList.contains("live-click-loading");
      click(page, "a");
      expect(isMarked()).to.equal(true);
      const join = page.server.of("phx_join")[1]!;
      page.server.reply(join, joinReply(layout(join.payload.redirect, join.payload)).ok);
      await until(() => !isMarked());
    });

    it("fires page loading events around it and tells when the URL has changed", async () => {
      const page = await start();
      const heard: unknown[] = [];
      const hear = (e: LivePageLoadingStartEvent) => heard.push([e.type, e.kind, new URL(e.href).pathname]);
      page.session.addEventListener("live-page-loading-start", hear);
      page.session.addEventListener("live-page-loading-stop", hear);
      page.session.addEventListener("live-navigate", ({ href, patch, pop, direction }) => {
        expect(location.href).to.equal(href);
        heard.push([patch, pop, direction]);
      });
      click(page, "a");
      await arrived(page, "/a");
      expect(heard).to.deep.equal([
        ["live-page-loading-start", "redirect", "/a"],
        ["live-page-loading-stop", "redirect", "/a"],
        [false, false, "forward"],
      ]);
    });

    it("can be cancelled", async () => {
      const page = await start();
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      click(page, "a");
      click(page, "patch");
      expect(page.server.received).to.have.length(1);
      expect(location.pathname).to.equal(startPath);
    });

    it("scrolls to the top", async () => {
      const page = await start();
      document.body.style.height = "5000px";
      scrollTo(0, 500);
      click(page, "a");
      await arrived(page, "/a");
      await until(() => scrollY === 0);
      document.body.style.height = "";
    });
  });

  describe("by a patch link", () => {
    it("asks the view and changes the URL when it has answered", async () => {
      const page = await start();
      const { length } = history;
      click(page, "patch");
      const [patch] = page.server.of("live_patch");
      expect(patch!.payload).to.deep.equal({ url: new URL("?page=2", location.href).href });
      expect(location.search).to.not.equal("?page=2");
      page.server.reply(patch!, { diff: { "1.1.0": "patched" } });
      await until(() => location.search === "?page=2");
      expect(heading(page)).to.equal("patched");
      expect(history.length).to.equal(length + 1);
      expect(page.server.of("phx_join")).to.have.length(1);
    });

    it("adds no entry for the URL shown", async () => {
      const page = await start();
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[0]!, {});
      await until(() => location.search === "?page=2");
      const { length } = history;
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[1]!, { title: "again" });
      await until(() => document.title === "again");
      expect(history.length).to.equal(length);
    });

    it("ends on the last of several at once, with one entry", async () => {
      const page = await start();
      const { length } = history;
      for (const id of ["patch", "patch3", "patch", "patch3"]) click(page, id);
      for (const patch of page.server.of("live_patch")) page.server.reply(patch, {});
      await until(() => location.search === "?page=3");
      expect(history.length).to.equal(length + 1);
    });

    it("loads the page when the view refuses", async () => {
      const page = await start();
      click(page, "patch");
      const [patch] = page.server.of("live_patch");
      page.server.reply(patch!, {}, "error");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: patch!.payload.url, type: "push" }]);
    });

    it("joins at the new URL when the view is lost before it has answered", async () => {
      const page = await start();
      click(page, "patch");
      const { url } = page.server.of("live_patch")[0]!.payload;
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      await until(() => page.session.status === "connected");
      expect(page.server.of("phx_join")[1]!.payload).to.deep.include({ redirect: url });
      expect(location.href).to.equal(url);
      expect(loads).to.deep.equal([]);
    });

    it("keeps its URL out of history when the view leads elsewhere", async () => {
      const page = await start();
      const { length } = history;
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[0]!, { live_redirect: { to: "/b", kind: "push" } });
      await arrived(page, "/b");
      expect(history.length).to.equal(length + 1);
    });

    it("does not stop a navigation that comes after it", async () => {
      const page = await start();
      click(page, "patch");
      click(page, "a");
      await arrived(page, "/a");
      expect(loads).to.deep.equal([]);
    });
  });

  describe("by back and forward", () => {
    it("joins over navigations and patches over patches", async () => {
      const page = await start();
      const { server } = page;
      click(page, "a");
      await arrived(page, "/a");
      click(page, "patch");
      server.reply(server.of("live_patch")[0]!, {});
      await until(() => location.search === "?page=2");
      await go(-1);
      expect(server.of("live_patch")).to.have.length(2);
      expect(server.of("live_patch")[1]!.payload.url).to.equal(new URL("/a", location.href).href);
      server.reply(server.of("live_patch")[1]!, {});
      await go(-1);
      await arrived(page, startPath);
      expect(server.of("phx_join")).to.have.length(3);
      expect(server.of("phx_join")[2]!.payload).to.deep.include({ redirect: location.href });
      await go(2);
      await arrived(page, "/a");
      expect(server.of("phx_join")).to.have.length(4);
      expect(loads).to.deep.equal([]);
    });

    it("tells the direction", async () => {
      const page = await start();
      const heard: unknown[] = [];
      click(page, "a");
      await arrived(page, "/a");
      page.session.addEventListener("live-navigate", ({ pop, direction }: LiveNavigateEvent) =>
        heard.push([pop, direction]),
      );
      await go(-1);
      await arrived(page, startPath);
      await go(1);
      await arrived(page, "/a");
      expect(heard).to.deep.equal([
        [true, "backward"],
        [true, "forward"],
      ]);
    });

    it("restores the scroll position", async () => {
      const page = await start();
      document.body.style.height = "5000px";
      scrollTo(0, 700);
      click(page, "a");
      await arrived(page, "/a");
      await until(() => scrollY === 0);
      await go(-1);
      await until(() => scrollY === 700);
      document.body.style.height = "";
    });

    it("does nothing where only the fragment differs", async () => {
      const page = await start();
      page.session.querySelector<HTMLElement>("#anchor")!.click();
      await until(() => location.hash === "#there");
      await go(-1);
      expect(location.hash).to.equal("");
      expect(page.server.received).to.have.length(1);
    });

    it("is undone when it is cancelled", async () => {
      const page = await start();
      click(page, "a");
      await arrived(page, "/a");
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      await go(-1);
      await until(() => location.pathname === "/a");
      expect(page.server.of("phx_join")).to.have.length(2);
      expect(heading(page)).to.equal("/a");
    });
  });

  describe("by the server", () => {
    it("shows the URL that it has patched the view to", async () => {
      const page = await start();
      const { length } = history;
      page.server.push("live_patch", { to: "/a?page=7", kind: "push" });
      await until(() => location.search === "?page=7");
      expect(location.pathname).to.equal("/a");
      expect(history.length).to.equal(length + 1);
      page.server.push("live_patch", { to: "/a?page=8", kind: "replace" });
      await until(() => location.search === "?page=8");
      expect(history.length).to.equal(length + 1);
      expect(page.server.received).to.have.length(1);
    });

    it("goes to another view with a flash, asking nobody", async () => {
      const page = await start();
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      page.server.push("live_redirect", { to: "/b", kind: "push", flash: "signed flash" });
      await arrived(page, "/b");
      expect(page.server.of("phx_join")[1]!.payload).to.deep.include({ flash: "signed flash" });
    });

    it("loads a page, with the flash in a cookie", async () => {
      const page = await start();
      page.server.push("redirect", { to: "/login", flash: "signed.flash" });
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/login", location.href).href, type: "push" }]);
      expect(document.cookie).to.contain("__live_flash__=signed.flash");
      // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
      document.cookie = "__live_flash__=; path=/; max-age=0";
    });

    it("shows what an event changed before it leads elsewhere", async () => {
      const page = await start();
      const heard: string[] = [];
      page.session.addEventListener("live-event", ({ name }) => heard.push(`${name} at ${heading(page)}`));
      const button = document.createElement("button");
      button.setAttribute("live-click", "save");
      page.session.querySelector("nav")!.append(button);
      button.click();
      page.server.reply(page.server.of("event")[0]!, {
        diff: { "1.1.0": "saved" },
        events: [["done", {}]],
        live_redirect: { to: "/b", kind: "push" },
      });
      await arrived(page, "/b");
      expect(heard).to.deep.equal(["done at saved"]);
    });

    it("shows the URL that a join was patched to", async () => {
      const page = openPage({ view: layout(location.href) });
      page.server.onJoin = ({ url }) => ({
        ok: { ...joinReply(layout(url)).ok, patch: { to: "/a?tab=1", kind: "replace" } },
      });
      await until(() => location.search === "?tab=1");
    });
  });

  describe("whose join is refused", () => {
    const refuse = (page: LivePage, error: unknown): void => {
      page.server.onJoin = () => ({ error });
    };

    it("loads the page of another live session", async () => {
      const page = await start();
      refuse(page, { reason: "unauthorized" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
      expect(location.pathname).to.equal(startPath);
    });

    it("loads the page with the flash that the navigation brought along", async () => {
      const page = await start();
      refuse(page, { reason: "unauthorized" });
      page.server.push("live_redirect", { to: "/b", kind: "replace", flash: "taken" });
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/b", location.href).href, type: "replace" }]);
      expect(document.cookie).to.contain("__live_flash__=taken");
      // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
      document.cookie = "__live_flash__=; path=/; max-age=0";
    });

    it("loads the page it is redirected to", async () => {
      const page = await start();
      refuse(page, { reason: "redirect", to: "/login" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/login", location.href).href, type: "push" }]);
    });

    for (const reason of ["redirect", "live_redirect"]) {
      it(`dispatches the events of a mount before its ${reason}`, async () => {
        const page = await start();
        const { onJoin } = page.server;
        const heard: unknown[] = [];
        page.session.addEventListener("live-event", ({ name, payload }) => heard.push([name, payload]));
        const events = [["leaving", { from: "a" }]];
        page.server.onJoin = (payload, message) =>
          payload.redirect?.endsWith("/a")
            ? { error: { reason, to: "/b", kind: "push", events } }
            : onJoin?.(payload, message);
        click(page, "a");
        await until(() => loads.length > 0 || location.pathname === "/b");
        expect(heard).to.deep.equal(events);
      });
    }

    it("follows to the view it is redirected to", async () => {
      const page = await start();
      const { onJoin } = page.server;
      page.server.onJoin = (payload, message) =>
        payload.redirect?.endsWith("/a")
          ? { error: { reason: "live_redirect", to: "/b", kind: "push" } }
          : onJoin?.(payload, message);
      const { length } = history;
      click(page, "a");
      await arrived(page, "/b");
      expect(history.length).to.equal(length + 1);
    });

    it("loads the page when redirects do not end", async () => {
      const page = await start();
      refuse(page, { reason: "live_redirect", to: "/round", kind: "push" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads[0]!.url).to.equal(new URL("/round", location.href).href);
    });
  });
});
