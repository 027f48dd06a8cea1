import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, openPage } from "../../support/live-page.js";

describe("LazyScripting, when its module cannot be loaded", () => {
  // A policy cannot be removed. It applies to the rest of this page, which runs this file only.
  before(() => {
    const meta = document.createElement("meta");
    meta.httpEquiv = "content-security-policy";
    meta.content = "script-src 'none'";
    document.head.append(meta);
  });

  after(closePages);

  it("reports the failure and still sends events without commands, in order", async () => {
    const hide = JSON.stringify([["hide"]]);
    const { session, server } = openPage({
      view: html`<button id="a" live-click=${hide}></button><button id="b" live-click="plain"></button>`,
    });
    const codes: string[] = [];
    session.addEventListener("live-error", ({ code }) => codes.push(code));
    await until(() => session.status === "connected");
    for (const id of ["a", "b"]) session.querySelector<HTMLElement>(`#${id}`)!.click();
    const event = await until(() => server.of("event")[0]);
    expect(event.payload.event).to.equal("plain");
    expect(new Set(codes)).to.deep.equal(new Set(["LIVE_ERR_LAZY_MODULE"]));
    server.push("diff", { diff: { 0: "again" } });
    await until(() => session.querySelector("#a")?.getAttribute("live-click") === "again");
    expect(session.status).to.equal("connected");
  });
});
