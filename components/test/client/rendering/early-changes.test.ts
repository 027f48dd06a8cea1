import "../../../src/index.js";
import { expect } from "chai";
import { html } from "lit";
import { show } from "../../../src/client/rendering/hydrate.js";
import { registerTemplates } from "../../../src/client/rendering/templates.js";
import { encode } from "../../support/encode.js";

const view = (count: number) =>
  html`<p>Count: <b>${count}</b></p><live-session id=${`nested-${count}`}></live-session>`;

function open() {
  const container = document.createElement("div");
  document.body.append(container);
  const update = (count: number): void => {
    const { rendered, templates } = encode(view(count));
    registerTemplates(templates, "[live-ignore]");
    show(rendered, container);
  };
  update(1);
  const b = container.querySelector("b")!;
  return { container, update, b };
}

// The first view of the page loads the module for repairs, so these tests need a page of their own.
describe("text that a script replaces before the module for repairs has been loaded", () => {
  it("is replaced by the next value", async () => {
    const [before, after] = [open(), open()];
    for (const { b } of [before, after]) {
      // Wraps the text in an element, as a translator does.
      const font = document.createElement("font");
      font.textContent = "changed";
      [...b.childNodes]
        .find((node) => node instanceof Text && node.data === "1")!
        .replaceWith(font);
    }
    before.container.append("added");
    // A nested view changes its own content.
    const nested = open();
    const session = nested.container.querySelector("live-session")!;
    session.append("text");
    session.replaceChildren("other text");
    nested.update(2);
    expect(nested.container.querySelector("live-session")).to.equal(session);
    nested.container.remove();
    // The update comes before the module.
    before.update(2);
    expect(before.container.querySelector("p")!.textContent).to.equal("Count: 2");
    await import("../../../src/client/rendering/foreign-changes.js");
    await new Promise((resolve) => setTimeout(resolve));
    expect(after.container.textContent).to.equal("Count: changed");
    for (const page of [before, after]) {
      page.update(3);
      expect(page.container.querySelector("p")!.textContent).to.equal("Count: 3");
      page.container.remove();
    }
  });
});
