import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { warningAbout } from "../src/dev/browser/warnings.js";
import { watchApp } from "../src/dev/child/left-by-app.js";
import { withoutStarts, withStart, withStartOf } from "../src/dev/child/start-url.js";
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
      renews: false,
      reloads: false,
    });
  });

  it("of modules restart the app, and those of the document reload pages too", () => {
    assert.deepEqual(classify(["web/router.ts"]), {
      styles: [],
      restarts: true,
      renews: false,
      reloads: false,
    });
    assert.equal(classify(["web/layouts/root-layout.ts"]).reloads, true);
  });

  it("of scripts and images reload pages", () => {
    assert.deepEqual(classify(["web/assets/dialogs.js"]), {
      styles: [],
      restarts: false,
      renews: false,
      reloads: true,
    });
  });

  it("of scripts restart the app if it has loaded them as modules", () => {
    const { restarts, reloads } = classify(["counter.js"], (file) => file === "counter.js");
    assert.deepEqual({ restarts, reloads }, { restarts: true, reloads: false });
  });

  it("of packages and of the environment restart the app in a new process", () => {
    for (const file of ["package.json", "package-lock.json", ".env"])
      assert.equal(classify([file]).renews, true, file);
    assert.equal(classify(["src/web/package.json"]).renews, false);
  });
});

describe("the URL of a module", () => {
  const parent = withStart("file:///app/src/server.ts", 7);

  it("contains the number of the start if the module belongs to the app", () => {
    const url = withStartOf("file:///app/src/other.ts", parent);
    assert.equal(url, withStart("file:///app/src/other.ts", 7));
    assert.equal(withStartOf(url, parent), url);
    assert.equal(withoutStarts(`at ${url}:1:2`), "at file:///app/src/other.ts:1:2");
  });

  it("stays the same for packages, and if no start has loaded the parent", () => {
    for (const url of ["file:///app/node_modules/koa/lib/application.js", "node:fs"])
      assert.equal(withStartOf(url, parent), url);
    assert.equal(withStartOf("file:///app/src/a.ts", "file:///a.js"), "file:///app/src/a.ts");
  });
});

describe("what an app leaves in its process", () => {
  it("is removed: listeners, environment variables and intervals", () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout");
    const before = timers().length;
    const left = watchApp();
    process.on("SIGUSR2", () => {});
    process.env.LEFT_BY_APP = "1";
    setInterval(() => {}, 1000);
    left.remove();
    assert.equal(timers().length, before);
    assert.equal(process.listenerCount("SIGUSR2"), 0);
    assert.equal(process.env.LEFT_BY_APP, undefined);
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

  it("has the line that imports a module that does not exist", () => {
    const message = `Cannot find module '/app/watch.js' imported from ${import.meta.filename}`;
    const sent = { name: "Error", message, code: "ERR_MODULE_NOT_FOUND", stack: "" };
    const { excerpt } = toDevError(sent, import.meta.dirname);
    assert.match(
      excerpt.join("\n"),
      /^> +\d+ \| import \{ classify \} from "\.\.\/src\/dev\/watch\.js";$/m,
    );
  });

  it("has the line of the view that it names and that contains what it quotes", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "dev-error-"));
    const modules = ["other-live.ts", "counter-live.ts"].map((file) => path.join(folder, file));
    const view = (name: string) =>
      `export default liveView("${name}", {\n  render: () => html\`\n    <h1\n      .title=\${name}>1</h1>\n    <button live-click="nope">2</button>\`,\n});\n`;
    writeFileSync(path.join(folder, "other-live.ts"), view("OtherLive"));
    writeFileSync(path.join(folder, "counter-live.ts"), view("CounterLive"));
    const placeOf = (message: string) =>
      toDevError({ name: "LiveError", message, code: "E", stack: "" }, folder, modules).place;
    const template =
      'a template of CounterLive contains Map at the property "title", after ` <h1 .title=`';
    assert.equal(placeOf(`${template}\nExpected: a string`), "counter-live.ts:4");
    const event = "CounterLive has no handler for an event\nExpected: one of inc\nGot: ";
    assert.equal(placeOf(`${event}"nope"`), "counter-live.ts:5");
    assert.equal(placeOf(`${event}"a.*"`), "counter-live.ts:1");
    rmSync(folder, { recursive: true });
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
