import { expect } from "chai";
import { html, LitElement, type TemplateResult } from "lit";
import type { JoinPayload } from "../../../src/protocol/index.js";
import { violations } from "../../support/accessibility.js";
import { passTime, resetClock, speedUpClock, stopClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { closePages, insert, joinReply, type LivePage, openPage } from "../../support/live-page.js";

const h1 = (url: string) => html`<h1>${new URL(url).pathname}</h1>`;

const pages: Record<string, (url: string) => TemplateResult> = {
  "/a": (url) => html`${h1(url)}<p>${"Page A"}</p>`,
  "/b": (url) => html`${h1(url)}<p>${"Page B"}</p>`,
  "/autofocus": (url) => html`${h1(url)}<input aria-label="Name" autofocus value=${"x"}>`,
  "/heading-less": () => html`<p>${"No heading"}</p>`,
  "/hidden": (url) => html`<h1 hidden>${url}</h1>`,
  "/eager": () => html`<h1>${"Eager"}</h1><test-eager></test-eager>`,
  "/sections": (url) => html`${h1(url)}<h2 id="größe">${"Size"}</h2>`,
};

/** Renders a layout around the view of a URL. Each live navigation creates the view's nodes again. */
const layout = (url: string, { params }: Partial<JoinPayload> = {}) => {
  const view = pages[new URL(url).pathname]?.(url) ?? html`<h1>${"Start"}</h1>`;
  return html`<a id="skip" href="#content">Skip to content</a>
    <nav>
      ${[...Object.keys(pages), "/sections#gr%C3%B6%C3%9Fe"].map((path) => html`<a href=${path} live-navigate>${path}</a>`)}
      <a id="patch" href="?page=2" live-patch>Page 2</a>
    </nav>
    <button id="menu-button" popovertarget="menu">Menu</button>
    <div id="menu" popover><a href="/a" live-navigate>In the menu</a></div>
    <div id="player" popover="manual">A player</div>
    <main id="content">${{ x: "keyed", v: [params?._navigations ?? 0, view] }}</main>`;
};

class EagerElement extends LitElement {
  override render(): TemplateResult {
    return html`<button>Eager</button>`;
  }
  override firstUpdated(): void {
    this.shadowRoot?.querySelector("button")?.focus();
  }
}
customElements.define("test-eager", EagerElement);

const announcer = () => document.querySelector(".live-announcer");
const bar = () => document.querySelector<HTMLElement>(".live-progress");
const link = ({ session }: LivePage, path: string): HTMLElement =>
  session.querySelector<HTMLElement>(`a[href="${path}"]`)!;

/** Opens a page whose joins are answered with a title. */
const start = async (attributes = ""): Promise<LivePage> => {
  const page = openPage({ view: layout(location.href), joined: layout, attributes });
  // Otherwise the client loads the page of a link on a machine that takes longer than 2.5 s for it.
  page.server.answersHeartbeats = true;
  const { onJoin } = page.server;
  page.server.onJoin = (payload, message) => {
    const answer = onJoin?.(payload, message);
    const { pathname } = new URL(payload.redirect ?? payload.url);
    return answer && "ok" in answer
      ? { ok: { ...(answer.ok as object), title: `Page ${pathname}` } }
      : answer;
  };
  await until(() => page.session.status === "connected" && announcer());
  return page;
};

/** Clicks a link like a user: the link gets the focus. */
const follow = (page: LivePage, path: string): void => {
  link(page, path).focus();
  link(page, path).click();
};

const isOpen = (id: string): boolean => document.getElementById(id)!.matches(":popover-open");

const { matchMedia } = window;
const frame = () => new Promise(requestAnimationFrame);

describe("the page of the main view", () => {
  afterEach(async () => {
    resetClock();
    window.matchMedia = matchMedia;
    await closePages();
  });

  describe("after a live navigation", () => {
    it("focuses its heading, without a focus ring, until the focus moves", async () => {
      const page = await start();
      follow(page, "/a");
      const heading = await until(() => page.session.querySelector<HTMLElement>("h1:focus"));
      expect(heading.textContent).to.equal("/a");
      expect(getComputedStyle(heading).outlineStyle).to.equal("none");
      link(page, "/b").focus();
      expect(heading.hasAttribute("tabindex")).to.equal(false);
      expect(heading.style.outline).to.equal("");
    });

    it("focuses the element with autofocus", async () => {
      const page = await start();
      follow(page, "/autofocus");
      await until(() => page.session.querySelector("input:focus"));
    });

    it("focuses its main element if there is no visible heading", async () => {
      for (const path of ["/heading-less", "/hidden"]) {
        const page = await start();
        follow(page, path);
        await until(() => document.activeElement?.localName === "main");
        expect(page.session.querySelector("h1")?.hasAttribute("tabindex") ?? false).to.equal(false);
        await closePages();
      }
    });

    it("keeps the focus on an element that has taken it", async () => {
      const page = await start();
      follow(page, "/eager");
      await until(() => document.activeElement?.localName === "test-eager");
      await until(() => announcer()?.textContent === "Page /eager");
      expect(document.activeElement?.localName).to.equal("test-eager");
    });

    it("focuses and scrolls to the target of the fragment", async () => {
      const page = await start();
      page.session.querySelector("main")!.style.cssText = "display:block;padding:3000px 0";
      follow(page, "/sections#gr%C3%B6%C3%9Fe");
      const target = await until(() => page.session.querySelector("h2:focus"));
      expect(target.getBoundingClientRect().top).to.be.within(-1, innerHeight);
    });

    it("scrolls to the top, independent of the focus", async () => {
      const page = await start();
      page.session.querySelector("main")!.style.cssText = "display:block;padding:3000px 0";
      scrollTo(0, 2000);
      follow(page, "/a");
      await until(() => page.session.querySelector("h1:focus"));
      expect(scrollY).to.equal(0);
    });

    it("has no text selected", async () => {
      const page = await start();
      getSelection()!.selectAllChildren(page.session.querySelector("nav")!);
      follow(page, "/a");
      await until(() => page.session.querySelector("h1:focus"));
      expect(String(getSelection())).to.equal("");
    });

    it("closes its popovers, except manual ones", async () => {
      const page = await start();
      document.getElementById("menu-button")!.click();
      document.getElementById("player")!.showPopover();
      expect(isOpen("menu")).to.equal(true);
      const inMenu = page.session.querySelector<HTMLElement>("#menu a")!;
      inMenu.focus();
      inMenu.click();
      const heading = await until(() => page.session.querySelector("h1:focus"));
      expect(heading.textContent).to.equal("/a");
      expect(isOpen("menu")).to.equal(false);
      expect(isOpen("player")).to.equal(true);
    });

    it("announces its title, even if the title has not changed", async () => {
      const page = await start();
      expect(announcer()!.getAttribute("role")).to.equal("status");
      expect(page.session.contains(announcer())).to.equal(false);
      expect(announcer()!.textContent).to.equal("");
      follow(page, "/a");
      await until(() => announcer()!.textContent === "Page /a");
      const announced: (string | null)[] = [];
      const observer = new MutationObserver(() => announced.push(announcer()!.textContent));
      observer.observe(announcer()!, { childList: true });
      follow(page, "/a");
      await until(() => announced.length > 1);
      expect(announced).to.deep.equal(["", "Page /a"]);
    });

    it("announces a title with markup as plain text", async () => {
      const page = await start();
      page.server.onJoin = (payload) => ({
        ok: {
          ...joinReply(layout(payload.redirect ?? payload.url, payload)).ok,
          title: "<b>bold</b>",
        },
      });
      follow(page, "/a");
      await until(() => announcer()!.textContent === "<b>bold</b>");
      expect(announcer()!.childElementCount).to.equal(0);
    });

    it("has no axe violations, even while it loads", async () => {
      // The bar's animation is long.
      window.matchMedia = (query) =>
        ({ matches: query === "(prefers-reduced-motion: reduce)" }) as MediaQueryList;
      const page = await start('progress-delay="0"');
      follow(page, "/a");
      await until(() => announcer()!.textContent === "Page /a");
      page.server.onJoin = () => undefined;
      follow(page, "/b");
      // Links and buttons of a page without styles are hard to read in the dark.
      for (const { style } of page.session.querySelectorAll<HTMLElement>("a, button"))
        Object.assign(style, { color: "inherit", background: "inherit" });
      expect((await until(bar)).getAnimations()).to.deep.equal([]);
      expect(await violations(document.body)).to.deep.equal([]);
    });

    it("lets a skip link go to the main element", async () => {
      const page = await start();
      follow(page, "/a");
      await until(() => page.session.querySelector("h1:focus"));
      page.session.querySelector("main")!.tabIndex = -1;
      page.session.querySelector<HTMLElement>("#skip")!.click();
      await until(() => location.hash === "#content" && document.activeElement?.id === "content");
      await frame();
      expect(page.session.querySelector("h1")!.textContent).to.equal("/a");
      expect(page.server.of("phx_join")).to.have.length(2);
      expect(page.server.of("live_patch")).to.have.length(0);
    });
  });

  describe("after a patch", () => {
    const patch = async (page: LivePage, update: object): Promise<void> => {
      follow(page, "?page=2");
      page.server.reply(page.server.of("live_patch")[0]!, update);
      await until(() => location.search === "?page=2");
      await frame();
      await frame();
    };

    it("keeps the focus and announces nothing", async () => {
      const page = await start();
      await patch(page, {});
      expect(document.activeElement?.id).to.equal("patch");
      expect(announcer()!.textContent).to.equal("");
    });

    it("keeps popovers open", async () => {
      const page = await start();
      document.getElementById("menu")!.showPopover();
      await patch(page, {});
      expect(isOpen("menu")).to.equal(true);
    });

    it("announces its title if it has changed", async () => {
      const page = await start();
      await patch(page, { title: "Page 2" });
      expect(announcer()!.textContent).to.equal("Page 2");
      expect(document.activeElement?.id).to.equal("patch");
    });
  });

  describe("while it loads", () => {
    it("shows a bar after 200 ms until it has loaded", async () => {
      const page = await start();
      page.server.onJoin = () => undefined;
      const begin = performance.now();
      follow(page, "/a");
      expect(bar()).to.equal(null);
      const shown = await until(bar);
      expect(performance.now() - begin).to.be.at.least(195);
      expect(shown.getBoundingClientRect()).to.include({ top: 0, height: 3 });
      const join = page.server.of("phx_join")[1]!;
      page.server.reply(join, joinReply(layout(join.payload.redirect, join.payload)).ok);
      await until(() => !bar());
    });

    it("shows no bar if it loads quickly", async () => {
      const page = await start();
      const seen: Node[] = [];
      const observer = new MutationObserver((records) =>
        seen.push(...records.flatMap((r) => [...r.addedNodes])),
      );
      observer.observe(document.body, { childList: true });
      stopClock();
      follow(page, "/a");
      await until(() => announcer()!.textContent === "Page /a");
      passTime(1000);
      await frame();
      observer.disconnect();
      expect(seen).to.deep.equal([]);
    });

    it("shows the bar during the first join and while the connection is lost", async () => {
      const page = openPage({ attributes: 'progress-delay="0"' });
      const { onJoin } = page.server;
      page.server.onJoin = () => undefined;
      await until(bar);
      page.server.reply(
        await until(() => page.server.of("phx_join")[0]),
        joinReply(html`<p>Hello</p>`).ok,
      );
      await until(() => !bar());
      page.server.onJoin = onJoin;
      page.server.drop();
      await until(bar);
      await until(() => page.session.status === "connected" && !bar());
    });

    it("shows the bar with the styles and the delay of the page", async () => {
      document.body.setAttribute("progress-delay", "0");
      document.body.style.setProperty("--live-progress-height", "7px");
      document.body.style.setProperty("--live-progress-color", "rgb(1, 2, 3)");
      try {
        const page = await start();
        page.server.onJoin = () => undefined;
        follow(page, "/a");
        const style = getComputedStyle(await until(bar));
        expect(style.height).to.equal("7px");
        expect(style.backgroundColor).to.equal("rgb(1, 2, 3)");
      } finally {
        document.body.removeAttribute("progress-delay");
        document.body.removeAttribute("style");
      }
    });

    it("shows no bar if the page disables it", async () => {
      const page = await start('progress-delay="none"');
      page.server.onJoin = () => undefined;
      speedUpClock();
      follow(page, "/a");
      await new Promise((resolve) => setTimeout(resolve, 2000));
      expect(bar()).to.equal(null);
    });
  });

  it("has no added elements after the session is removed", async () => {
    const page = await start('progress-delay="0"');
    page.server.onJoin = () => undefined;
    follow(page, "/a");
    await until(bar);
    page.session.remove();
    await until(() => !bar() && !announcer());
  });

  it("has no added elements for a session that is not the main one", async () => {
    const page = await start();
    const second = insert('<live-session id="second" token="signed"></live-session>');
    await until(() => second.status === "connected");
    page.server.push("live_redirect", { to: "/a", kind: "push" });
    await until(() => second.querySelector("h1")?.textContent === "/a");
    await frame();
    await frame();
    expect(document.querySelectorAll(".live-announcer")).to.have.length(1);
    expect(announcer()!.textContent).to.equal("");
    expect(document.activeElement).to.equal(document.body);
  });
});
