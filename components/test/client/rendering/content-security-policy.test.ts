import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage } from "../../support/live-page.js";

describe("under a Content-Security-Policy without unsafe-inline and unsafe-eval", () => {
  const violations: string[] = [];

  // A policy cannot be removed. It applies to the rest of this page, which runs this file only.
  before(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, sourceFile }) =>
      violations.push(`${violatedDirective} ${sourceFile}`),
    );
    const meta = document.createElement("meta");
    meta.httpEquiv = "content-security-policy";
    meta.content = "default-src 'self'; connect-src 'self' ws:";
    document.head.append(meta);
  });

  after(closePages);

  it("a view renders, with styles, and its bindings work", async () => {
    const view = (color: string) => html`<p
        class=${{ x: "classMap", v: [{ j: { on: true } }] }}
        style="margin: 1px; ${{ x: "styleMap", v: [{ j: { color, "--size": "2px", fontSize: "3px !important" } }] }}"
      >${color}</p>
      <button live-click="paint">Paint</button>
      ${{ x: "unsafeHTML", v: ["<b>raw</b>"] }}`;
    const { session, server } = await joinPage({ view: "", joined: () => view("red") });
    const { style } = session.querySelector("p")!;
    expect([style.color, style.marginTop]).to.deep.equal(["red", "1px"]);
    expect(style.getPropertyValue("--size")).to.equal("2px");
    expect([style.fontSize, style.getPropertyPriority("font-size")]).to.deep.equal([
      "3px",
      "important",
    ]);
    session.querySelector("button")!.click();
    server.reply(server.of("event")[0]!, { diff: { "1.0": { j: { color: "blue" } } } });
    await until(() => style.color === "blue");
    expect(style.getPropertyValue("--size")).to.equal("");
    expect(style.marginTop).to.equal("1px");
    const p = session.querySelector("p")!;
    session.exec(p, JSON.stringify([["hide", { transition: [["a"], ["b"], ["c"]], time: 1 }]]));
    await until(() => style.display === "none");
    expect(violations).to.deep.equal([]);
  });
});
