import { expect } from "chai";
import { html, LitElement, type TemplateResult } from "lit";
import type { LiveNavigateEvent, LivePageLoadingStartEvent } from "../../../src/index.js";
import { passTime, resetClock, speedUpClock, stopClock } from "../../support/clock.js";
import { arrived, click, heading, layout, startPage } from "../../support/linked-page.js";
import { until } from "../../support/live-fixture.js";
import { joinReply, type LivePage } from "../../support/live-page.js";
import { entriesAdded, stopPageLoadsOfTests } from "../../support/page-loads.js";

class LinkElement extends LitElement {
  override render(): TemplateResult {
    return html`<a href="/a" live-navigate><b>A</b></a>`;
  }
}
customElements.define("test-link", LinkElement);

/** Moves in the history and waits for the browser. */
const go = (steps: number): Promise<void> =>
  new Promise((resolve) => {
    window.addEventListener("popstate", () => resolve(), { once: true });
    history.go(steps);
  });

describe("live navigation", () => {
  const loads = stopPageLoadsOfTests();
  let startPath: string;

  beforeEach(() => {
    if (location.hash) history.replaceState(null, "", location.href.split("#")[0]);
    startPath = location.pathname;
  });

  describe("by a navigate link", () => {
    it("leaves and joins over the same connection, then changes the URL", async () => {
      const page = await startPage();
      const { server } = page;
      const { href } = location;
      const length = entriesAdded();
      server.onJoin = () => undefined;
      expect(click(page, "a")).to.equal(false);
      expect(location.href).to.equal(href);
      await until(() => server.of("heartbeat").length > 0);
      const [first, second] = server.of("phx_join");
      expect(server.received.map(({ event }) => event)).to.deep.equal([
        "phx_join",
        "phx_leave",
        "phx_join",
        "heartbeat",
      ]);
      expect(second!.topic).to.equal(first!.topic);
      expect(second!.payload).to.deep.include({
        token: "signed",
        redirect: new URL("/a", location.href).href,
        params: { _csrf_token: "csrf", _mounts: 0, _attempts: 0, _navigations: 1 },
      });
      server.reply(second!, joinReply(layout(second!.payload.redirect, second!.payload)).ok);
      await arrived(page, "/a");
      expect(entriesAdded()).to.equal(length + 1);
      expect(server.sockets).to.have.length(1);
      expect(loads).to.deep.equal([]);
    });

    describe("while an event has no reply", () => {
      const leaves = (page: LivePage): number => page.server.of("phx_leave").length;

      /** Opens a page, sends an event and clicks a link. */
      async function clickAfterEvent(): Promise<LivePage> {
        const page = await startPage();
        click(page, "event");
        await until(() => page.server.of("event").length === 1);
        click(page, "a");
        return page;
      }

      it("waits for the reply", async () => {
        const page = await clickAfterEvent();
        await Promise.resolve();
        expect(leaves(page)).to.equal(0);
        expect(page.session.querySelector("#a")!.className).to.equal("live-click-loading");
        page.server.reply(page.server.of("event")[0]!, {});
        await arrived(page, "/a");
        expect(leaves(page)).to.equal(1);
      });

      it("waits for about a second", async () => {
        const page = await startPage();
        stopClock();
        click(page, "event");
        click(page, "a");
        passTime(900);
        await Promise.resolve();
        expect(leaves(page)).to.equal(0);
        passTime(200);
        resetClock();
        await arrived(page, "/a");
        expect(leaves(page)).to.equal(1);
      });

      it("goes to the last link that the user has clicked", async () => {
        const page = await clickAfterEvent();
        click(page, "b");
        page.server.reply(page.server.of("event")[0]!, {});
        await arrived(page, "/b");
        expect(leaves(page)).to.equal(1);
      });

      it("prefers the link to a navigation in the reply", async () => {
        const page = await clickAfterEvent();
        const live_redirect = { to: "/b", kind: "push" };
        page.server.reply(page.server.of("event")[0]!, { live_redirect });
        await arrived(page, "/a");
        expect(page.server.of("phx_join")).to.have.length(2);
      });

      it("ends with the connection", async () => {
        const page = await clickAfterEvent();
        page.server.drop();
        await arrived(page, "/a");
        expect(page.server.of("phx_join")).to.have.length(2);
      });
    });

    it("keeps the nodes of the layout and creates new nodes for the view", async () => {
      const page = await startPage();
      const [nav, input] = [page.session.querySelector("nav"), page.session.querySelector("input")];
      input!.value = "typed";
      click(page, "a");
      await arrived(page, "/a");
      expect(page.session.querySelector("nav")).to.equal(nav);
      expect(page.session.querySelector("input")).to.not.equal(input);
      expect(page.session.querySelector("input")!.value).to.equal("");
    });

    it("prefers the URL of the binding to the URL of the link", async () => {
      const page = await startPage();
      click(page, "b");
      await arrived(page, "/b");
    });

    it("replaces the history entry if the link says so", async () => {
      const page = await startPage();
      const length = entriesAdded();
      click(page, "replacing");
      await arrived(page, "/b");
      expect(entriesAdded()).to.equal(length);
    });

    it("mounts the same URL again without a history entry", async () => {
      const page = await startPage();
      click(page, "a");
      await arrived(page, "/a");
      const length = entriesAdded();
      click(page, "a");
      await until(
        () => page.server.of("phx_join").length === 3 && page.session.status === "connected",
      );
      expect(page.server.of("phx_join")[2]!.payload.params._navigations).to.equal(2);
      expect(entriesAdded()).to.equal(length);
    });

    it("works inside of a shadow root", async () => {
      const page = await startPage();
      const element = document.createElement("test-link") as LinkElement;
      page.session.querySelector("nav")!.append(element);
      await element.updateComplete;
      element.shadowRoot!.querySelector("b")!.click();
      await arrived(page, "/a");
    });

    it("works outside of the live session", async () => {
      const page = await startPage();
      const link = document.createElement("a");
      link.href = "/a";
      link.setAttribute("live-navigate", "");
      document.body.append(link);
      link.click();
      await arrived(page, "/a");
      link.remove();
    });

    it("ignores a second click while it is in progress", async () => {
      const page = await startPage();
      page.server.onJoin = () => undefined;
      click(page, "a");
      expect(click(page, "a")).to.equal(false);
      expect(page.server.of("phx_join")).to.have.length(2);
    });

    it("continues after a link within the page, and after a cancelled step back", async () => {
      const page = await startPage();
      click(page, "a");
      await arrived(page, "/a");
      page.server.onJoin = () => undefined;
      click(page, "b");
      page.session.querySelector<HTMLElement>("#anchor")!.click();
      await until(() => location.hash === "#there");
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      await go(-2);
      await until(() => location.hash === "#there");
      const joins = page.server.of("phx_join");
      expect(joins).to.have.length(3);
      page.server.reply(
        joins[2]!,
        joinReply(layout(joins[2]!.payload.redirect, joins[2]!.payload)).ok,
      );
      await arrived(page, "/b");
      expect(page.server.of("phx_join")).to.have.length(3);
    });

    it("ends at the target of the last of ten quick clicks, regardless of earlier replies", async () => {
      const page = await startPage();
      const length = entriesAdded();
      page.server.onJoin = () => undefined;
      for (let i = 0; i < 5; i++) for (const id of ["a", "b"]) click(page, id);
      const joins = page.server.of("phx_join").slice(1);
      expect(joins).to.have.length(10);
      for (const join of joins) {
        page.server.reply(join, joinReply(layout(join.payload.redirect, join.payload)).ok);
      }
      await arrived(page, "/b");
      expect(entriesAdded()).to.equal(length + 1);
    });

    it("drops messages of the previous view", async () => {
      const page = await startPage();
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

    it("leaves other clicks to the browser: with modifiers, to other windows, and to other sites", async () => {
      const page = await startPage();
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
      const page = await startPage();
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
    });

    it("marks the link as loading until it ends", async () => {
      const page = await startPage();
      page.server.onJoin = () => undefined;
      const isMarked = () =>
        page.session.querySelector("#a")!.classList.contains("live-click-loading");
      click(page, "a");
      expect(isMarked()).to.equal(true);
      const join = page.server.of("phx_join")[1]!;
      page.server.reply(join, joinReply(layout(join.payload.redirect, join.payload)).ok);
      await until(() => !isMarked());
    });

    it("dispatches page loading events around it and live-navigate when the URL has changed", async () => {
      const page = await startPage();
      const events: unknown[] = [];
      const record = (e: LivePageLoadingStartEvent) =>
        events.push([e.type, e.kind, new URL(e.href).pathname]);
      page.session.addEventListener("live-page-loading-start", record);
      page.session.addEventListener("live-page-loading-stop", record);
      page.session.addEventListener("live-navigate", ({ href, patch, pop, direction }) => {
        expect(location.href).to.equal(href);
        events.push([patch, pop, direction]);
      });
      click(page, "a");
      await arrived(page, "/a");
      expect(events).to.deep.equal([
        ["live-page-loading-start", "redirect", "/a"],
        ["live-page-loading-start", "initial", "/a"],
        ["live-page-loading-stop", "initial", "/a"],
        ["live-page-loading-stop", "redirect", "/a"],
        [false, false, "forward"],
      ]);
    });

    it("dispatches a stop for each page loading start when another navigation replaces it", async () => {
      const page = await startPage();
      const open: string[] = [];
      page.session.addEventListener("live-page-loading-start", ({ kind, href }) =>
        open.push(kind + href),
      );
      page.session.addEventListener("live-page-loading-stop", ({ kind, href }) =>
        expect(open.pop()).to.equal(kind + href),
      );
      click(page, "a");
      click(page, "b");
      expect(open).to.have.length(4);
      await arrived(page, "/b");
      expect(open).to.deep.equal([]);
    });

    it("can be cancelled", async () => {
      const page = await startPage();
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      click(page, "a");
      click(page, "patch");
      expect(page.server.received).to.have.length(1);
      expect(location.pathname).to.equal(startPath);
    });

    it("still pushes its live-click", async () => {
      const page = await startPage();
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault(), {
        once: true,
      });
      page.session.querySelector("#a")!.setAttribute("live-click", "clicked");
      click(page, "a");
      expect(page.server.of("event").map(({ payload }) => payload.event)).to.deep.equal([
        "clicked",
      ]);
      page.server.reply(page.server.of("event")[0]!, {});
      await until(() => !page.session.querySelector("#a.live-click-loading"));
      click(page, "a");
      await until(() => page.server.of("event").length === 2);
      page.server.reply(page.server.of("event")[1]!, {});
      await arrived(page, "/a");
      expect(page.server.of("event")).to.have.length(2);
    });

    it("rejoins at its URL when the connection is lost afterwards", async () => {
      const page = await startPage();
      click(page, "a");
      await arrived(page, "/a");
      page.server.drop();
      await until(
        () => page.server.of("phx_join").length === 3 && page.session.status === "connected",
      );
      const { payload } = page.server.of("phx_join")[2]!;
      expect(payload.url).to.equal(new URL("/a", location.href).href);
      expect(payload).to.not.have.property("redirect");
      expect(payload.params).to.deep.include({ _mounts: 1, _navigations: 1 });
    });

    it("scrolls to the top", async () => {
      const page = await startPage();
      document.body.style.height = "5000px";
      scrollTo(0, 500);
      click(page, "a");
      await arrived(page, "/a");
      await until(() => scrollY === 0);
      document.body.style.height = "";
    });
  });

  describe("by a patch link", () => {
    it("sends a patch to the view and changes the URL when the view has answered", async () => {
      const page = await startPage();
      const length = entriesAdded();
      click(page, "patch");
      const [patch] = page.server.of("live_patch");
      expect(patch!.payload).to.deep.equal({ url: new URL("?page=2", location.href).href });
      expect(location.search).to.not.equal("?page=2");
      page.server.reply(patch!, { diff: { "1.1.0": "patched" } });
      await until(() => location.search === "?page=2");
      expect(heading(page)).to.equal("patched");
      expect(entriesAdded()).to.equal(length + 1);
      expect(page.server.of("phx_join")).to.have.length(1);
    });

    it("adds no history entry for the current URL", async () => {
      const page = await startPage();
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[0]!, {});
      await until(() => location.search === "?page=2");
      const length = entriesAdded();
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[1]!, { title: "again" });
      await until(() => document.title === "again");
      expect(entriesAdded()).to.equal(length);
    });

    it("ends at the last of several simultaneous patches, with one history entry", async () => {
      const page = await startPage();
      const length = entriesAdded();
      const events: string[] = [];
      const record = ({ type, kind, href }: LivePageLoadingStartEvent) =>
        events.push(`${type.split("-").at(-1)} ${kind} ${new URL(href).search}`);
      page.session.addEventListener("live-page-loading-start", record);
      page.session.addEventListener("live-page-loading-stop", record);
      for (const id of ["patch", "patch3", "patch", "patch3"]) click(page, id);
      expect(events.splice(0)).to.deep.equal(
        ["?page=2", "?page=3", "?page=2", "?page=3"].map((search) => `start patch ${search}`),
      );
      for (const patch of page.server.of("live_patch").slice(0, 3)) page.server.reply(patch, {});
      await until(() => events.length >= 3);
      expect(events.splice(0)).to.deep.equal(
        ["?page=2", "?page=3", "?page=2"].map((search) => `stop patch ${search}`),
      );
      page.server.reply(page.server.of("live_patch")[3]!, {});
      await until(() => location.search === "?page=3" && events.length > 0);
      expect(events).to.deep.equal(["stop patch ?page=3"]);
      expect(entriesAdded()).to.equal(length + 1);
    });

    it("ignores a second click while it is in progress", async () => {
      const page = await startPage();
      click(page, "patch");
      expect(click(page, "patch")).to.equal(false);
      expect(page.server.of("live_patch")).to.have.length(1);
    });

    it("loads the page when the view refuses", async () => {
      const page = await startPage();
      click(page, "patch");
      const [patch] = page.server.of("live_patch");
      page.server.reply(patch!, {}, "error");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: patch!.payload.url, type: "push" }]);
    });

    it("loads the page when the view does not answer", async () => {
      const page = await startPage();
      speedUpClock();
      click(page, "patch");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("?page=2", location.href).href, type: "push" }]);
    });

    it("joins at the new URL when the view is lost before its answer", async () => {
      const page = await startPage();
      click(page, "patch");
      const { url } = page.server.of("live_patch")[0]!.payload;
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      await until(() => page.session.status === "connected");
      expect(page.server.of("phx_join")[1]!.payload).to.deep.include({ redirect: url });
      expect(location.href).to.equal(url);
      expect(loads).to.deep.equal([]);
    });

    it("adds no history entry when the view redirects", async () => {
      const page = await startPage();
      const length = entriesAdded();
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[0]!, {
        live_redirect: { to: "/b", kind: "push" },
      });
      await arrived(page, "/b");
      expect(entriesAdded()).to.equal(length + 1);
    });

    it("does not stop a later navigation", async () => {
      const page = await startPage();
      click(page, "patch");
      click(page, "a");
      await arrived(page, "/a");
      expect(loads).to.deep.equal([]);
    });
  });

  describe("by back and forward", () => {
    it("joins over navigations and patches over patches", async () => {
      const page = await startPage();
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

    it("stays in the view over all patches", async () => {
      const page = await startPage();
      const { server } = page;
      const patchTo = async (go: () => unknown, search: string): Promise<void> => {
        const answered = server.of("live_patch").length;
        go();
        server.reply(await until(() => server.of("live_patch")[answered]), {});
        await until(() => location.search === search);
      };
      const { search } = location;
      await patchTo(() => click(page, "patch"), "?page=2");
      await patchTo(() => click(page, "patch3"), "?page=3");
      await patchTo(() => go(-1), "?page=2");
      await patchTo(() => go(-1), search);
      await patchTo(() => go(2), "?page=3");
      expect(server.of("phx_join")).to.have.length(1);
      expect(server.of("phx_leave")).to.have.length(0);
      expect(loads).to.deep.equal([]);
    });

    it("reports the direction", async () => {
      const page = await startPage();
      const events: unknown[] = [];
      click(page, "a");
      await arrived(page, "/a");
      page.session.addEventListener("live-navigate", ({ pop, direction }: LiveNavigateEvent) =>
        events.push([pop, direction]),
      );
      await go(-1);
      await arrived(page, startPath);
      await go(1);
      await arrived(page, "/a");
      expect(events).to.deep.equal([
        [true, "backward"],
        [true, "forward"],
      ]);
    });

    it("restores the scroll position", async () => {
      const page = await startPage();
      document.body.style.height = "5000px";
      scrollTo(0, 700);
      click(page, "a");
      await arrived(page, "/a");
      await until(() => scrollY === 0);
      await go(-1);
      await until(() => scrollY === 700);
      document.body.style.height = "";
    });

    it("restores the scroll position if only the fragment differs", async () => {
      const page = await startPage();
      document.body.style.height = "5000px";
      page.session.querySelector("main")!.id = "there";
      scrollTo(0, 700);
      await until(() => history.state.liveSession.scroll === 700);
      page.session.querySelector<HTMLElement>("#anchor")!.click();
      await until(() => location.hash === "#there" && scrollY !== 700);
      await go(-1);
      await until(() => scrollY === 700);
      expect(page.server.received).to.have.length(1);
      document.body.style.height = "";
    });

    it("waits for the network while offline", async () => {
      const page = await startPage();
      click(page, "a");
      await arrived(page, "/a");
      const codes: string[] = [];
      page.session.addEventListener("live-error", ({ code }) => codes.push(code));
      page.server.refusesSockets = true;
      page.server.drop();
      await until(() => page.session.status === "disconnected");
      await go(-1);
      speedUpClock();
      await new Promise((resolve) => setTimeout(resolve, 30_000));
      expect([codes, loads, page.session.status]).to.deep.equal([[], [], "disconnected"]);
      page.server.refusesSockets = false;
      await arrived(page, startPath);
      expect(page.session.status).to.equal("connected");
      expect(loads).to.deep.equal([]);
    });

    it("does nothing if only the fragment differs", async () => {
      const page = await startPage();
      page.session.querySelector<HTMLElement>("#anchor")!.click();
      await until(() => location.hash === "#there");
      await go(-1);
      expect(location.hash).to.equal("");
      expect(page.server.received).to.have.length(1);
    });

    it("is undone when it is cancelled", async () => {
      const page = await startPage();
      click(page, "a");
      await arrived(page, "/a");
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      await go(-1);
      await until(() => location.pathname === "/a");
      expect(page.server.of("phx_join")).to.have.length(2);
      expect(heading(page)).to.equal("/a");
    });
  });
});
