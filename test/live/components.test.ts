import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { LiveRouter, liveComponent, liveEvent, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, openBrowser } from "../../demo/test/support/site-browser.js";

interface EditProps {
  readonly value: string;
  onSave(value: string): void;
}

const inlineEdit = liveComponent<EditProps, { editing: boolean; draft: string }>("InlineEdit", {
  keep: ["editing", "draft"],
  mount: ({ kept, socket }) =>
    socket.assign({ editing: kept.editing ?? false, draft: kept.draft ?? "" }),
  handleEvent: {
    edit: ({ socket }) => socket.assign({ editing: true, draft: socket.assigns.value }),
    change: liveEvent(z.object({ value: z.string() }), ({ payload, socket }) =>
      socket.assign({ draft: payload.value }),
    ),
    save: liveEvent(z.object({ value: z.string() }), ({ payload, socket }) => {
      socket.assigns.onSave(payload.value);
      socket.assign({ editing: false });
    }),
  },
  render: ({ value, editing, draft }, { id }) =>
    editing
      ? html`<form id="form-${id}" live-change="change" live-submit="save">
          <input name="value" .value=${draft}><output>${draft.length}</output>
        </form>`
      : html`<button type="button" live-click="edit" live-hook="Asks">${value}</button>`,
});

interface Task {
  readonly id: number;
  readonly title: string;
}

const tasksLive = liveView("TasksLive", {
  types: {} as { own: { tasks: readonly Task[] } },
  mount: ({ socket }) =>
    socket.assign({ tasks: [1, 2, 3].map((id) => ({ id, title: `Task ${id}` })) }),
  handleEvent: {
    reverse: ({ socket }) => socket.assign({ tasks: socket.assigns.tasks.toReversed() }),
  },
  render: ({ tasks }, socket) => html`
    <button id="reverse" type="button" live-click="reverse">Reverse</button>
    <a id="other" href="/other" live-navigate>Other</a>
    ${repeat(
      tasks,
      ({ id }) => id,
      (task) => html`<p id="task-${task.id}">
        ${inlineEdit.at(task.id, {
          value: task.title,
          onSave: (title) =>
            socket.assign({
              tasks: socket.assigns.tasks.map((each) =>
                each.id === task.id ? { ...each, title } : each,
              ),
            }),
        })}
      </p>`,
    )}`,
});

const otherLive = liveView("OtherLive", {
  render: () => html`<h1>Other</h1>${inlineEdit.at(1, { value: "Alone", onSave: () => {} })}`,
});

const openTasks = (port?: number): Promise<LiveServer> => {
  const router = new LiveRouter().live("/", tasksLive).live("/other", otherLive);
  return openServer(router, port ? { port } : {});
};

describe("components in a browser", () => {
  let browser: Browser;
  let server: LiveServer;
  let page: Page;

  before(async () => {
    server = await openTasks();
    browser = await openBrowser();
    page = await (await newContext(browser, server.origin)).newPage();
    await page.addInitScript(() => {
      const asks = {
        mounted(this: { element: Element; pushEvent(event: string): Promise<unknown> }) {
          this.element.addEventListener("contextmenu", () => void this.pushEvent("edit"));
        },
      };
      document.addEventListener("readystatechange", () => {
        const session = document.querySelector("live-session");
        if (session) Object.assign(session, { hooks: { Asks: asks } });
      });
    });
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it("take over the first HTML, and keep what the user types", async () => {
    await page.goto("/", { waitUntil: "commit" });
    const early = await page.waitForSelector("#task-2 button");
    await joined(page);
    assert.equal(await early.evaluate((button) => button.isConnected), true);
    await early.click();
    const field = page.locator("#task-2 input");
    await field.fill("Typed");
    await page.locator("#task-2 output", { hasText: "5" }).waitFor();
    await page.locator("#reverse").click();
    await page.locator("p:first-of-type#task-3").waitFor();
    assert.equal(await field.inputValue(), "Typed");
    await field.press("Enter");
    await page.locator("#task-2 button", { hasText: "Typed" }).waitFor();
    assert.equal(await page.locator("#task-1 button").textContent(), "Task 1");
  });

  it("receive the events of scripts of their elements", async () => {
    await page.locator("#task-1 button").dispatchEvent("contextmenu");
    await page.locator("#task-1 input").waitFor();
  });

  it("keep their state and their forms when the server is replaced", async () => {
    await page.locator("#task-3 button").click();
    await page.locator("#task-3 input").fill("Survives");
    await page.locator("#task-3 output", { hasText: "8" }).waitFor();
    await server.stop();
    server = await openTasks(server.port);
    await page.locator("live-session[status=disconnected]").waitFor({ state: "attached" });
    await joined(page);
    await page.locator("#task-3 output", { hasText: "8" }).waitFor();
    assert.equal(await page.locator("#task-3 input").inputValue(), "Survives");
    await page.locator("#task-3 input").press("Enter");
    await page.getByRole("button", { name: "Survives" }).waitFor();
  });

  it("begin again after a live navigation", async () => {
    await page.locator("#other").click();
    await page.locator("h1", { hasText: "Other" }).waitFor();
    await page.getByRole("button", { name: "Alone" }).click();
    await page.locator("#form-1 input").waitFor();
    assert.deepEqual(server.errors, []);
  });
});
