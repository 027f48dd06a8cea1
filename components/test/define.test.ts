import { expect } from "chai";
import { define } from "../src/define.js";

describe("define", () => {
  const { warn } = console;
  let warnings: unknown[][];

  beforeEach(() => {
    warnings = [];
    console.warn = (...args) => warnings.push(args);
  });
  afterEach(() => {
    console.warn = warn;
  });

  it("registers an element without a warning", () => {
    class First extends HTMLElement {}
    define("defined-once", First);
    expect(customElements.get("defined-once")).to.equal(First);
    expect(warnings).to.deep.equal([]);
  });

  it("keeps the element of a tag name that is registered already, and warns", () => {
    class First extends HTMLElement {}
    define("defined-twice", First);
    define("defined-twice", class extends HTMLElement {});
    expect(customElements.get("defined-twice")).to.equal(First);
    expect(warnings).to.deep.equal([
      ["<defined-twice> is defined already. Is @live-session/components loaded twice?"],
    ]);
  });
});
