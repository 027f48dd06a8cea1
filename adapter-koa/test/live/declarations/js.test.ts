import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { js } from "../../../src/live/declarations/js.js";
import { encodeHtml } from "../../../src/render/html/encode-html.js";
import { liveError } from "../../support/live-error.js";
import { toWireTree } from "../../support/wire-tree.js";

const commandsOf = (commands: unknown): unknown => JSON.parse(String(commands));

describe("js", () => {
  it("encodes commands in the order of the calls", () => {
    const commands = js
      .push("close", { value: { id: 1 } })
      .hide({ closest: "li" }, { time: 100 })
      .popFocus();
    assert.deepEqual(commandsOf(commands), [
      ["push", { event: "close", value: { id: 1 } }],
      ["hide", { to: { closest: "li" }, time: 100 }],
      ["popFocus", {}],
    ]);
  });

  it("encodes the target of an event", () => {
    assert.deepEqual(commandsOf(js.push("add", { target: "#cart", loading: { closest: "li" } })), [
      ["push", { event: "add", target: "#cart", loading: { closest: "li" } }],
    ]);
    assert.throws(
      () => js.push("add", { target: { inside: "a" } as never }),
      liveError("LIVE_ERR_COMMAND", "target of js.push is invalid"),
    );
  });

  it("does not change the list that a method is called on", () => {
    const first = js.show("#a");
    first.hide("#b");
    assert.deepEqual(commandsOf(first), [["show", { to: "#a" }]]);
    assert.deepEqual(commandsOf(js), []);
  });

  it("joins two chains", () => {
    assert.deepEqual(commandsOf(js.focus("#a").concat(js.popFocus())), [
      ["focus", { to: "#a" }],
      ["popFocus", {}],
    ]);
  });

  it("splits classes and the three parts of a transition", () => {
    assert.deepEqual(
      commandsOf(js.addClass(" a  b ", { transition: ["t", "from here", "to"], time: 50 })),
      [
        [
          "addClass",
          { names: ["a", "b"], transition: [["t"], ["from", "here"], ["to"]], time: 50 },
        ],
      ],
    );
    assert.deepEqual(commandsOf(js.toggle("#a", { in: "come", out: "go" })), [
      ["toggle", { to: "#a", in: [["come"], [], []], out: [["go"], [], []] }],
    ]);
  });

  it("encodes attributes, events and navigations", () => {
    const commands = js
      .setAttribute("aria-expanded", "true")
      .removeAttribute("hidden", { to: "#a" })
      .toggleAttribute("open", ["", "x"])
      .ignoreAttributes("data-*")
      .dispatch("copy", { to: { inner: "b" }, detail: { a: 1 }, bubbles: false })
      .navigate("/a", { replace: true })
      .patch("/b")
      .exec("data-hide", { to: "#a" });
    assert.deepEqual(commandsOf(commands), [
      ["setAttribute", { name: "aria-expanded", values: ["true"] }],
      ["removeAttribute", { name: "hidden", values: [], to: "#a" }],
      ["toggleAttribute", { name: "open", values: ["", "x"] }],
      ["ignoreAttributes", { names: ["data-*"] }],
      ["dispatch", { event: "copy", detail: { a: 1 }, bubbles: false, to: { inner: "b" } }],
      ["navigate", { href: "/a", replace: true }],
      ["patch", { href: "/b" }],
      ["exec", { attribute: "data-hide", to: "#a" }],
    ]);
  });

  it("is quoted in an attribute of the first page", () => {
    const template = html`<button live-click=${js.push("close", { value: { text: `"<&'` } })}>Close</button>`;
    const json = `[["push",{"event":"close","value":{"text":"\\"<&'"}}]]`;
    assert.deepEqual((toWireTree(template) as { v: unknown }).v, [json]);
    const [, written = ""] = /live-click="([^"]*)"/.exec(encodeHtml(toWireTree(template))) ?? [];
    const text = written
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
    assert.equal(text, json);
  });

  describe("refuses", () => {
    const wrong: readonly [what: string, () => unknown, ...texts: string[]][] = [
      [
        "an unknown option",
        () => js.hide("#a", { tme: 1 } as object),
        'option "tme" of js.hide is invalid',
      ],
      ["options that are none", () => js.show("#a", 5 as never), "options", "Got: 5"],
      ["a target that is no selector", () => js.hide(5 as never), "target", "Got: 5"],
      ["an empty selector", () => js.hide(""), "target", "Expected: a selector"],
      ["an unknown scope", () => js.hide({ outer: "a" } as never), "target"],
      ["two scopes", () => js.hide({ inner: "a", closest: "b" } as never), "target"],
      ["no classes", () => js.addClass(" "), "js.addClass", "name"],
      ["classes that are no text", () => js.addClass(["a"] as never), "name"],
      [
        "a transition of two",
        () => js.hide("#a", { transition: ["a", "b"] as never }),
        "transition",
      ],
      ["a negative time", () => js.hide("#a", { time: -1 }), "time", "Got: -1"],
      ["an event without a name", () => js.push(""), "js.push", "event"],
      ["a value that is not JSON", () => js.push("a", { value: { f: () => 1 } }), "value"],
      ["a value that is no object", () => js.push("a", { value: 1 as never }), "value"],
      ["a detail that is not JSON", () => js.dispatch("a", { detail: { f: () => 1 } }), "detail"],
      ["a listener as an attribute", () => js.setAttribute("onclick", "alert(1)"), "script"],
      ["an attribute without a value", () => js.setAttribute("a", undefined as never), "value"],
      [
        "a URL that runs script",
        () => js.setAttribute("href", " JavaScript:alert(1)"),
        "runs script",
      ],
      [
        "a URL that runs script, with a tab in its scheme",
        () => js.setAttribute("href", "java\tscript:alert(1)"),
        "runs script",
      ],
      ["HTML for a frame", () => js.setAttribute("srcdoc", "<script>1</script>"), "script"],
      [
        "the same in a toggle",
        () => js.toggleAttribute("href", ["/a", "data:text/html,x"]),
        "runs script",
      ],
    ];
    for (const [what, run, ...texts] of wrong) {
      it(what, () => assert.throws(run, liveError("LIVE_ERR_COMMAND", ...texts)));
    }

    for (const href of ["javascript:alert(1)", "https://example.com/", "//example.com", "a"]) {
      it(`to navigate to ${href}`, () => {
        assert.throws(() => js.navigate(href), liveError("LIVE_ERR_NAVIGATION"));
        assert.throws(() => js.patch(href), liveError("LIVE_ERR_NAVIGATION"));
      });
    }

    it("but no text that begins like a URL", () => {
      assert.deepEqual(JSON.parse(String(js.setAttribute("title", "Data: 5 rows"))), [
        ["setAttribute", { name: "title", values: ["Data: 5 rows"] }],
      ]);
    });
  });
});
