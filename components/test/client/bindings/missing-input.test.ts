import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { openPage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

describe("a page whose module for forms cannot be loaded", () => {
  const loads = stopPageLoadsOfTests();

  // A policy cannot be removed. It applies to the rest of this page, which runs this file only.
  before(() => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "content-security-policy";
    const allowed = new URL("../../../src/client/connection/", import.meta.url);
    meta.content = `script-src ${allowed.origin}${allowed.pathname}`;
    document.head.append(meta);
  });

  const view = html`
    <form action="/saved" live-submit="save"><input name="a" value="1" /><button>Save</button></form>
    <button id="later" type="button" live-click="inc" live-debounce="50">+</button>`;
  const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;

  it("sends a form by the browser that was submitted while the module was loading", async () => {
    const { session, server } = openPage({ view });
    session.querySelector<HTMLElement>("form button")!.click();
    expect(loads).to.deep.equal([]);
    await until(() => loads.length > 0);
    expect(loads.map(({ url }) => pathOf(url))).to.deep.equal(["/saved?a=1"]);
    expect(server.of("event")).to.deep.equal([]);
  });

  it("sends forms by the browser, and delayed events at once", async () => {
    const { session, server } = openPage({ view });
    const codes: string[] = [];
    session.addEventListener("live-error", ({ code }) => codes.push(code));
    await until(() => session.status === "connected" && codes.length > 0);
    session.querySelector<HTMLElement>("#later")!.click();
    expect(server.of("event")).to.have.length(1);
    session.querySelector<HTMLElement>("form button")!.click();
    await until(() => loads.length > 0);
    expect(loads.map(({ url }) => pathOf(url))).to.deep.equal(["/saved?a=1"]);
  });

  it("is reloaded after repeated failures, twice at most", async () => {
    for (const reloads of [1, 2]) {
      const { session } = openPage({ view });
      await until(() => loads.length === reloads);
      expect(loads.at(-1)).to.deep.equal({ url: location.href, type: "reload" });
      session.remove();
    }
    openPage({ view });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(loads).to.have.length(2);
  });
});
