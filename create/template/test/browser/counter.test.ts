import { after, describe, it } from "node:test";
import { viewsAreIdle } from "@live-session/adapter-koa/testing";
import { runningApp } from "../support/app.js";
import { openBrowser } from "../support/browser.js";

const browser = await openBrowser();
const skip = !browser && "there is no Chrome: run npx playwright-core install chromium";

describe("the counter in a browser", { skip }, () => {
  const site = runningApp();
  after(() => browser?.close());

  it("counts, and keeps its page during a live navigation", async () => {
    const page = await browser!.newPage({ baseURL: site().url });
    await page.goto("/");
    await page.waitForFunction(viewsAreIdle);
    await page.getByRole("button", { name: "Increment" }).click();
    await page.getByText("Current count: 1").waitFor();
    await page.evaluate(() => {
      document.body.dataset.visited = "yes";
    });
    await page.getByRole("link", { name: "Notifications" }).click();
    await page.getByRole("heading", { name: "Notifications" }).waitFor();
    await page.locator("body[data-visited=yes]").waitFor();
  });
});
