import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { warningAbout } from "../src/dev/browser/warnings.js";
import { toDevError } from "../src/dev/dev-error.js";
import { classify } from "../src/dev/watch.js";

describe("the warning about an attribute", () => {
  it("names the binding that was probably meant", () => {
    assert.match(warningAbout("live-clikc") ?? "", /Did you mean live-click\?/);
    assert.match(warningAbout("live-window-keydwon") ?? "", /Did you mean live-window-keydown\?/);
  });

  it("names no binding if none is similar", () => {
    assert.equal(
      warningAbout("live-something-else"),
      "live-something-else is not a binding, so it has no effect.",
    );
  });

  it("is not given for bindings, values and other attributes", () => {
    for (const name of ["live-click", "live-value-id", "live-value-any_name", "lived", "href"])
      assert.equal(warningAbout(name), undefined, name);
  });
});

describe("changed files", () => {
  it("of styles are loaded again without a restart", () => {
    assert.deepEqual(classify(["web/assets/base.css"]), {
      styles: ["base.css"],
      restarts: false,
      reloads: false,
    });
  });

  it("of modules restart the app, and those of the document reload pages too", () => {
    assert.deepEqual(classify(["web/router.ts"]), { styles: [], restarts: true, reloads: false });
    assert.equal(classify(["web/layouts/root-layout.ts"]).reloads, true);
  });

  it("of scripts and images reload pages", () => {
    assert.deepEqual(classify(["web/assets/dialogs.js"]), {
      styles: [],
      restarts: false,
      reloads: true,
    });
  });
});

describe("an error of the app", () => {
  it("has the first place of its stack in the app, with the lines around it", () => {
    const stack = [
      "Error: broken",
      "    at inner (/app/node_modules/koa/lib/koa.js:1:1)",
      `    at file://${import.meta.dirname}/dev.test.ts:9:3`,
    ].join("\n");
    const sent = { name: "Error", message: "broken", code: null, stack };
    const error = toDevError(sent, import.meta.dirname);
    assert.equal(error.place, "dev.test.ts:9");
    assert.equal(error.excerpt.length, 5);
    assert.match(error.excerpt[2] ?? "", /^> +9 \|/);
  });

  it("has no place if its stack has none in the app", () => {
    const sent = { name: "Error", message: "broken", code: "E", stack: "Error: broken" };
    assert.deepEqual(toDevError(sent, "/app"), {
      ...{ name: "Error", message: "broken", code: "E" },
      place: null,
      excerpt: [],
    });
  });
});
