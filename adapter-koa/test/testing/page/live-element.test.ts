import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Socket } from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html, type TemplateResult } from "lit";
import { appOf, createApp, pageOf, recordingLive } from "../../support/app.js";

async function open(content: TemplateResult): Promise<Page> {
  const page = await visit(appOf(recordingLive(content)).app, "/");
  await page.connect();
  return page;
}

const recorded = (page: Page): unknown => JSON.parse(page.element("output").text);

describe("the click on an element", () => {
  it("sends the event with the values of the element", async () => {
    const page = await open(
      html`<button live-click="record" live-value-id="7" value="v">Record</button>`,
    );
    const after = await page.element("button", "Record").click();
    assert.deepEqual(recorded(page), { id: "7", value: "v" });
    assert.ok(after.includes("<output>"));
    assert.match(page.element("button").render(), /^<button .*>Record<\/button>$/);
  });

  it("sends the event of an ancestor with a binding", async () => {
    const page = await open(html`<div live-click="record"><b>inside</b></div>`);
    await page.element("b").click();
    assert.deepEqual(recorded(page), {});
  });

  it("fails if no element matches, and lists other elements", async () => {
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

  it("fails if several elements match", async () => {
    const page = await open(html`<i>1</i><i>2</i>`);
    await assert.rejects(
      page.element("i").click(),
      /several elements match "i"[\s\S]*Got: 2 elements[\s\S]*<i>2/,
    );
  });

  it("fails for a disabled element", async () => {
    const page = await open(
      html`<button disabled live-click="record">A</button>
        <fieldset disabled><button live-click="record">B</button></fieldset>`,
    );
    for (const text of ["A", "B"]) {
      await assert.rejects(
        page.element("button", text).click(),
        /the element is disabled\nGot: <button/,
      );
    }
  });

  it("fails if it has no effect", async () => {
    const page = await open(html`<p>text</p><button live-click="record">Record</button>`);
    await assert.rejects(
      page.element("p").click(),
      /has no effect[\s\S]*Got: <p>text\nCandidates:\n {2}<button live-click="record">Record/,
    );
  });

  it("follows links with a patch, with a live navigation and without a binding", async () => {
    const links = html`<a id="p" href="/a?q=1" live-patch>P</a><a id="n" href="/b" live-navigate>N</a><a id="h" href="/a">H</a>`;
    const { app } = createApp((router) =>
      router
        .liveSession("one")
        .live("/a", recordingLive(links), "a")
        .live("/b", recordingLive(links), "b"),
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
      html`<form live-submit="record"><input name="a" value="1"><button name="by" value="me">Go</button></form>`,
    );
    await page.element("button").click();
    assert.deepEqual(recorded(page), { a: "1", by: "me" });
  });
});

describe("the click on a button with a live-click", () => {
  const telling = (content: TemplateResult) => {
    const seen: unknown[] = [];
    const note =
      (name: string) => (context: { payload: unknown; socket: Socket<{ count: number }> }) => {
        seen.push([name, JSON.parse(JSON.stringify(context.payload))]);
        context.socket.assign({ count: seen.length });
      };
    const view = pageOf(
      ({ count = 0 }) => html`${content}<input form="f" name="count" value=${count}>`,
      {
        handleEvent: {
          click: note("click"),
          submit: note("submit"),
          leave: ({ socket }: { socket: Socket }) => socket.redirect("/elsewhere"),
        },
      },
    );
    return { app: appOf(view).app, seen };
  };

  it("sends the event and submits the form with the values at the time of the click", async () => {
    const { app, seen } = telling(
      html`<form id="f" live-submit="submit"><div live-click="click"><button name="by" value="me">Go</button></div></form>`,
    );
    const page = await visit(app, "/");
    await page.connect();
    await page.element("button").click();
    assert.deepEqual(seen, [
      ["click", {}],
      ["submit", { by: "me", count: "0" }],
    ]);
  });

  it("does not submit if the view navigates, or if no form can be sent", async () => {
    const { app, seen } = telling(
      html`<button id="alone" live-click="click"></button><form method="dialog"><button id="close" live-click="click"></button></form>
        <form id="f" live-submit="submit"><button id="leave" live-click="leave"></button></form>`,
    );
    const page = await visit(app, "/");
    await page.connect();
    await page.element("#alone").click();
    await page.element("#close").click();
    await page.element("#leave").click();
    assert.deepEqual(seen, [
      ["click", {}],
      ["click", {}],
    ]);
    page.assertRedirect("/elsewhere");
  });

  it("fails if the form has neither a binding nor an action, which would reload the page in a browser", async () => {
    const { app, seen } = telling(html`<form id="f"><button live-click="click"></button></form>`);
    const page = await visit(app, "/");
    await page.connect();
    await assert.rejects(
      page.element("button").click(),
      /the form has no live-submit or action\nExpected: type="button" on a button/,
    );
    assert.deepEqual(seen, []);
  });

  it("submits the form over HTTP on a page that is not connected", async () => {
    const { app, seen } = telling(
      html`<form id="f" action="/?sent=1" live-submit="submit"><button live-click="click"></button></form>`,
    );
    const page = await visit(app, "/");
    await page.element("button").click();
    assert.deepEqual([page.path, seen], ["/?count=0", []]);
  });
});

describe("the click on a link with a live-click", () => {
  it("is sent after the patch of the link, and before its navigation to another view", async () => {
    const seen: unknown[] = [];
    const view = pageOf(
      () =>
        html`<a id="p" href="/a?q=1" live-patch live-click="note"></a><a id="n" href="/b" live-navigate live-click="note"></a>`,
      {
        handleParams: ({ url }: { url: string }) =>
          void seen.push(new URL(url).pathname + new URL(url).search),
        handleEvent: { note: () => void seen.push("click") },
      },
    );
    const { app } = createApp((router) =>
      router.liveSession("one").live("/a", view, "a").live("/b", view, "b"),
    );
    const page = await visit(app, "/a");
    await page.connect();
    seen.length = 0;
    await page.element("#p").click();
    await page.element("#n").click();
    assert.deepEqual(seen, ["/a?q=1", "click", "click", "/b"]);
  });
});

describe("the HTML of a page", () => {
  it("includes declarative shadow roots in searches, and contains no comments", async () => {
    const page = await open(
      html`<!-- gone --><my-box><template shadowrootmode="open"><b>deep</b></template></my-box>`,
    );
    assert.ok(page.hasElement("my-box b", "deep"));
    assert.ok(!page.render().includes("<!--"));
  });
});
