import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser, Page } from "playwright-core";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";

const wizardLive = liveView("WizardLive", {
  types: {} as { own: { step: number } },
  keep: { assigns: ["step"], reload: true },
  mount({ kept, socket }) {
    socket.assign({ step: kept.step ?? 1 });
  },
  handleEvent: {
    next({ socket }) {
      socket.assign({ step: socket.assigns.step + 1 });
    },
  },
  render: ({ step }) => html`
    <p>Step ${step}</p>
    <button type="button" live-click="next">Next</button>
    <form id="form"><input name="text" aria-label="Text"></form>
  `,
});

const openWizard = (port?: number): Promise<LiveServer> =>
  openServer(new LiveRouter().live("/", wizardLive), port ? { port } : {});

describe("a wizard that keeps its step", () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  async function start(t: TestContext): Promise<{ server: LiveServer; page: Page }> {
    const server = await openWizard();
    const context = await newContext(browser, server.origin);
    t.after(async () => {
      await context.close();
      await server.stop();
    });
    const page = await context.newPage();
    await open(page, "/");
    return { server, page };
  }

  const next = async (page: Page, step: number): Promise<void> => {
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByText(`Step ${step}`).waitFor();
  };

  it("continues there after its server was replaced, with the text that was typed", async (t) => {
    const { server, page } = await start(t);
    await next(page, 2);
    await page.getByLabel("Text").pressSequentially("half a sent");
    await server.stop();
    const replacement = await openWizard(server.port);
    t.after(() => replacement.stop());
    await page.locator("live-session[status=disconnected]").waitFor({ state: "attached" });
    await joined(page);
    await page.getByText("Step 2").waitFor();
    assert.equal(await page.getByLabel("Text").inputValue(), "half a sent");
    await next(page, 3);
  });

  it("continues there after a reload, and after a return from another page", async (t) => {
    const { page } = await start(t);
    await next(page, 2);
    await next(page, 3);
    await page.reload();
    await page.getByText("Step 3").waitFor();
    await page.goto("/?other");
    await joined(page);
    await page.getByText("Step 1").waitFor();
    await page.goBack();
    await page.getByText("Step 3").waitFor();
  });
});
