import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { type PageChecks, setPageChecks, visit } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { appOf, pageOf } from "../../support/app.js";

const doubled = appOf(pageOf(() => html`<i id="a">1</i><b id="a">2</b>`)).app;
const unnamed = appOf(pageOf(() => html`<form live-change="x"></form>`)).app;

describe("the checks of pages", () => {
  let warnings: string[];
  const note = (warning: Error) => void warnings.push(warning.message);
  beforeEach(() => {
    warnings = [];
    process.removeAllListeners("warning"); // Node's own listener prints warnings.
    process.on("warning", note);
  });
  afterEach(() => {
    process.off("warning", note);
    setPageChecks({ duplicateId: "raise", formWithoutId: "warn" });
  });
  const open = async (app: typeof doubled, checks?: PageChecks) => {
    const page = await visit(app, "/", checks && { checks });
    await page.connect();
    // Warnings are emitted in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
  };

  it("refuse an id that occurs twice", async () => {
    await assert.rejects(
      open(doubled),
      /several elements have the id "a"[\s\S]*<i id="a">1\n {2}<b id="a">2/,
    );
  });

  it("are repeated for the changes of an event", async () => {
    const view = pageOf(({ more }) => html`<i id="a"></i>${more ? html`<b id="a"></b>` : ""}`, {
      handleEvent: {
        more: ({ socket }: { socket: { assign(assigns: object): void } }) =>
          socket.assign({ more: true }),
      },
    });
    const page = await visit(appOf(view).app, "/");
    await page.connect();
    await assert.rejects(page.push("more"), /the id "a"/);
  });

  it("allow the same id in two shadow roots", async () => {
    const box = html`<my-box><template shadowrootmode="open"><i id="a"></i></template></my-box>`;
    await open(appOf(pageOf(() => html`${box}${box}<i id="a"></i>`)).app);
  });

  it("warn about a form that cannot be recovered, once for each visit", async () => {
    await open(unnamed);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /a form with live-change has no id[\s\S]*<form live-change="x">/,
    );
  });

  it("use the option of a visit", async () => {
    await open(doubled, { duplicateId: "warn" });
    assert.equal(warnings.length, 1);
    await open(unnamed, { formWithoutId: "ignore" });
    assert.equal(warnings.length, 1);
    await assert.rejects(open(unnamed, { formWithoutId: "raise" }), /has no id/);
  });

  it("use the default that is set for all visits", async () => {
    setPageChecks({ duplicateId: "ignore", formWithoutId: "raise" });
    await open(doubled);
    await assert.rejects(open(unnamed), /has no id/);
    await open(unnamed, { formWithoutId: "ignore" });
    assert.deepEqual(warnings, []);
  });
});
