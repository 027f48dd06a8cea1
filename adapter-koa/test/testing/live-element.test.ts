import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, createApp, tellingLive } from "../support/app.js";

async function open(content: TemplateResult): Promise<Page> {
  const page = await visit(appOf(tellingLive(content)).app, "/");
  await page.connect();
  return page;
}

const told = (page: Page): unknown => JSON.parse(page.element("output").text);

describe("an element's click", () => {
  it("sends the event with the element's values", async () => {
    const page = await open(html`<button live-click="tell" live-value-id="7" value="v">Tell</button>`);
    const after = await page.element("button", "Tell").click();
    assert.deepEqual(told(page), { id: "7", value: "v" });
    assert.ok(after.includes("<output>"));
    assert.match(page.element("button").render(), /^<button .*>Tell<\/button>$/);
  });

  it("sends the event of what is around the element", async () => {
    const page = await open(html`<div live-click="tell"><b>inside</b></div>`);
    await page.element("b").click();
    assert.deepEqual(told(page), {});
  });

  it("fails for a missing element and shows others", async () => {
    const page = await open(html`<button id="a">One</button><button>Two</button>`);
    assert.throws(() => page.element("button", "Three").render(), {
      name: "AssertionError",
      message:
        'no element matches "button" with the text "Three"\nCandidates:\n  <button id="a">One\n  <button>Two',
    });
    await assert.rejects(
      page.element("button.x").click(),
      /"button\.x"\nCandidates:\n {2}<button id="a">One/,
    );
    await assert.rejects(page.element("#b").click(), /<button id="a">One/);
  });

  it("fails for several elements", async () => {
    const page = await open(html`<i>1</i><i>2</i>`);
    await assert.rejects(
      page.element("i").click(),
      /several elements match "i"[\s\S]*Got: 2 elements[\s\S]*<i>2/,
    );
  });

  it("fails for a disabled element", async () => {
    const page = await open(
      html`<button disabled live-click="tell">A</button>
        <fieldset disabled><button live-click="tell">B</button></fieldset>`,
    );
    for (const text of ["A", "B"]) {
      await assert.rejects(page.element("button", text).click(), /the element is disabled\nGot: <button/);
    }
  });

  it("fails where it would do nothing", async () => {
    const page = await open(html`<p>text</p><button live-click="tell">Tell</button>`);
    await assert.rejects(
      page.element("p").click(),
      /does nothing[\s\S]*Got: <p>text\nCandidates:\n {2}<button live-click="tell">Tell/,
    );
  });

  it("follows links: patch, navigate and plain", async () => {
    const links = html`<a id="p" href="/a?q=1" live-patch>P</a><a id="n" href="/b" live-navigate>N</a><a id="h" href="/a">H</a>`;
    const { app } = createApp((router) =>
      router.session("one").live("/a", tellingLive(links), "a").live("/b", tellingLive(links), "b"),
    );
    const page = await visit(app, "/a");
    await page.connect();
    await page.element("#p").click();
    page.assertPatch("/a?q=1");
    await page.element("#n").click();
    assert.deepEqual([page.path, page.isConnected], ["/b", true]);
    await page.element("#h").click();
    assert.deepEqual([page.path, page.isConnected], ["/a", false]);
  });

  it("submits the form of a button", async () => {
    const page = await open(
      html`<form live-submit="tell"><input name="a" value="1"><button name="by" value="me">Go</button></form>`,
    );
    await page.element("button").click();
    assert.deepEqual(told(page), { a: "1", by: "me" });
  });
});

describe("a page's HTML", () => {
  it("is searched in declarative shadow roots too, and holds no comments", async () => {
    const page = await open(
      html`<!-- gone --><my-box><template shadowrootmode="open"><b>deep</b></template></my-box>`,
    );
    assert.ok(page.hasElement("my-box b", "deep"));
    assert.ok(!page.render().includes("<!--"));
  });
});
