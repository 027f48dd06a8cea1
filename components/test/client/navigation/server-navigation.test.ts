import { expect } from "chai";
import { speedUpClock } from "../../support/clock.js";
import { arrived, click, heading, layout, startPage } from "../../support/linked-page.js";
import { until } from "../../support/live-fixture.js";
import { joinReply, type LivePage, openPage } from "../../support/live-page.js";
import { entriesAdded, stopPageLoadsOfTests } from "../../support/page-loads.js";

describe("live navigation", () => {
  const loads = stopPageLoadsOfTests();
  let startPath: string;

  beforeEach(() => {
    if (location.hash) history.replaceState(null, "", location.href.split("#")[0]);
    startPath = location.pathname;
  });

  describe("by the server", () => {
    it("shows the URL that it has patched the view to", async () => {
      const page = await startPage();
      const length = entriesAdded();
      page.server.push("live_patch", { to: "/a?page=7", kind: "push" });
      await until(() => location.search === "?page=7");
      expect(location.pathname).to.equal("/a");
      expect(entriesAdded()).to.equal(length + 1);
      page.server.push("live_patch", { to: "/a?page=8", kind: "replace" });
      await until(() => location.search === "?page=8");
      expect(entriesAdded()).to.equal(length + 1);
      expect(page.server.received).to.have.length(1);
    });

    it("navigates to another view with a flash, without live-before-navigate", async () => {
      const page = await startPage();
      page.session.addEventListener("live-before-navigate", (e) => e.preventDefault());
      page.server.push("live_redirect", { to: "/b", kind: "push", flash: "signed flash" });
      await arrived(page, "/b");
      expect(page.server.of("phx_join")[1]!.payload).to.deep.include({ flash: "signed flash" });
    });

    it("loads a page, with the flash in a cookie", async () => {
      const page = await startPage();
      page.server.push("redirect", { to: "/login", flash: "signed.flash" });
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/login", location.href).href, type: "push" }]);
      expect(document.cookie).to.contain("__live_flash__=signed.flash");
      // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
      document.cookie = "__live_flash__=; path=/; max-age=0";
    });

    it("stays in the view while it loads a page, which may be a download", async () => {
      const page = await startPage();
      page.server.push("redirect", { to: "/report.pdf" });
      await until(() => loads.length > 0);
      page.server.push("diff", { diff: { "1.1.0": "still here" } });
      await until(() => heading(page) === "still here");
      click(page, "patch");
      expect(page.server.of("live_patch")).to.have.length(1);
      expect(page.server.of("phx_leave")).to.deep.equal([]);
      expect(page.server.of("phx_join")).to.have.length(1);
      expect(page.session.status).to.equal("connected");
    });

    it("replaces the entry of a patch that the view patches again", async () => {
      const page = await startPage();
      const length = entriesAdded();
      const hrefs: string[] = [];
      page.session.addEventListener("live-navigate", ({ href }) => hrefs.push(href));
      click(page, "patch");
      page.server.reply(page.server.of("live_patch")[0]!, {
        live_patch: { to: "/a?page=99", kind: "push" },
      });
      await until(() => location.search === "?page=99");
      expect(entriesAdded()).to.equal(length + 1);
      expect(hrefs).to.deep.equal([location.href]);
    });

    it("shows the changes of an event before it navigates", async () => {
      const page = await startPage();
      const events: string[] = [];
      page.session.addEventListener("live-event", ({ name }) =>
        events.push(`${name} at ${heading(page)}`),
      );
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
      expect(events).to.deep.equal(["done at saved"]);
    });

    it("joins again when an update with another URL cannot be shown", async () => {
      const page = await startPage();
      page.server.push("diff", {
        diff: { "9.9": "x" },
        live_patch: { to: "/a?page=7", kind: "push" },
      });
      const join = await until(() => page.server.of("phx_join")[1]);
      expect(new URL(join.payload.url).search).to.equal("?page=7");
    });

    it("shows the URL that a join has patched to", async () => {
      const page = openPage({ view: layout(location.href) });
      page.server.onJoin = ({ url }) => ({
        ok: { ...joinReply(layout(url)).ok, patch: { to: "/a?tab=1", kind: "push" } },
      });
      const length = entriesAdded();
      await until(() => location.search === "?tab=1");
      expect(entriesAdded()).to.equal(length);
    });
  });

  describe("whose join is refused", () => {
    const refuse = (page: LivePage, error: unknown): void => {
      page.server.onJoin = () => ({ error });
    };

    it("loads the page of another live session", async () => {
      const page = await startPage();
      refuse(page, { reason: "unauthorized" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
      expect(location.pathname).to.equal(startPath);
    });

    it("loads the page with the flash of the navigation", async () => {
      const page = await startPage();
      refuse(page, { reason: "unauthorized" });
      page.server.push("live_redirect", { to: "/b", kind: "replace", flash: "taken" });
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/b", location.href).href, type: "replace" }]);
      expect(document.cookie).to.contain("__live_flash__=taken");
      // biome-ignore lint/suspicious/noDocumentCookie: there is no other way to clear it at once
      document.cookie = "__live_flash__=; path=/; max-age=0";
    });

    it("loads the page it is redirected to", async () => {
      const page = await startPage();
      refuse(page, { reason: "redirect", to: "/login" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/login", location.href).href, type: "push" }]);
    });

    for (const reason of ["redirect", "live_redirect"]) {
      it(`dispatches the events of a mount before its ${reason}`, async () => {
        const page = await startPage();
        const { onJoin } = page.server;
        const dispatched: unknown[] = [];
        page.session.addEventListener("live-event", ({ name, payload }) =>
          dispatched.push([name, payload]),
        );
        const events = [["leaving", { from: "a" }]];
        page.server.onJoin = (payload, message) =>
          payload.redirect?.endsWith("/a")
            ? { error: { reason, to: "/b", kind: "push", events } }
            : onJoin?.(payload, message);
        click(page, "a");
        await until(() => loads.length > 0 || location.pathname === "/b");
        expect(dispatched).to.deep.equal(events);
      });
    }

    it("joins the view that it is redirected to", async () => {
      const page = await startPage();
      const { onJoin } = page.server;
      page.server.onJoin = (payload, message) =>
        payload.redirect?.endsWith("/a")
          ? { error: { reason: "live_redirect", to: "/b", kind: "push" } }
          : onJoin?.(payload, message);
      const length = entriesAdded();
      click(page, "a");
      await arrived(page, "/b");
      expect(entriesAdded()).to.equal(length + 1);
    });

    it("loads the page after a delay when the view crashes repeatedly", async () => {
      const page = await startPage();
      speedUpClock();
      refuse(page, { reason: "crashed" });
      const open: string[] = [];
      page.session.addEventListener("live-page-loading-start", ({ kind }) => open.push(kind));
      page.session.addEventListener("live-page-loading-stop", ({ kind }) =>
        open.splice(open.indexOf(kind), 1),
      );
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
      expect(location.pathname).to.equal(startPath);
      expect(open).to.include("redirect");
      page.session.remove();
      await until(() => open.length === 0);
    });

    it("does not load the page if the view is joined in time", async () => {
      const page = await startPage();
      const { onJoin } = page.server;
      speedUpClock();
      // Makes the next attempt happen before the load.
      Math.random = () => 0.5;
      refuse(page, { reason: "crashed" });
      click(page, "a");
      await until(() => page.server.of("phx_join").length === 2);
      page.server.onJoin = onJoin;
      await arrived(page, "/a");
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      expect(loads).to.deep.equal([]);
    });

    it("does not load the page while the connection is lost", async () => {
      const page = await startPage();
      speedUpClock();
      refuse(page, { reason: "crashed" });
      const lose = (): void => {
        page.server.refusesSockets = true;
        page.server.drop();
      };
      page.session.addEventListener("live-error", lose, { once: true });
      click(page, "a");
      await until(() => page.server.refusesSockets);
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      expect(loads).to.deep.equal([]);
      page.server.refusesSockets = false;
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/a", location.href).href, type: "push" }]);
    });

    it("loads the page once when redirects do not end", async () => {
      const page = await startPage();
      speedUpClock();
      refuse(page, { reason: "live_redirect", to: "/round", kind: "push" });
      click(page, "a");
      await until(() => loads.length > 0);
      expect(loads).to.deep.equal([{ url: new URL("/round", location.href).href, type: "push" }]);
      const joins = page.server.of("phx_join").length;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      expect(page.server.of("phx_join")).to.have.length(joins);
      expect(loads).to.have.length(1);
    });
  });
});
