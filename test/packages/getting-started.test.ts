import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { joined, newContext, openBrowser } from "../../demo/test/support/site-browser.js";
import { freePort, getWhenUp } from "../support/listening.js";
import { Reader, stepsOf } from "./support/guide.js";
import { pinned } from "./support/project.js";
import { useRelease } from "./support/release.js";

const guide = readFileSync(
  path.resolve(import.meta.dirname, "../../docs/getting-started.md"),
  "utf8",
);

describe("the steps of getting started", { timeout: 170_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "getting-started-"));
  const release = useRelease();
  let origin: string;
  let reader: Reader;
  let browser: Browser;
  let page: Page;

  before(async () => {
    mkdirSync(path.join(folder, "counter"));
    const names = Object.fromEntries(
      ["koa", "koa-session", "lit"].map((name) => [name, pinned(name)]),
    );
    for (const tarball of release().tarballs) {
      const name = /live-session-(components|adapter-koa)-/.exec(tarball)?.[1];
      names[`@live-session/${name}`] = tarball;
    }
    const port = await freePort();
    origin = `http://localhost:${port}`;
    reader = new Reader(path.join(folder, "counter"), port, names);
    browser = await openBrowser();
    page = await (await newContext(browser, origin)).newPage();
  });
  after(async () => {
    await browser?.close();
    await reader?.stop();
    rmSync(folder, { recursive: true });
  });

  it("produce a counter that counts for each tab", async () => {
    await reader.follow(stepsOf(guide, "A counter"));
    assert.match(await getWhenUp(origin), /Clicked (<!--.*?-->)?0(<!--.*?-->)? times/);

    await page.goto("/");
    await joined(page);
    for (const count of [0, 1, 2]) {
      await page.getByRole("button", { name: `Clicked ${count} times` }).click();
    }
    await page.getByText("Clicked 3 times").waitFor();

    const secondTab = await page.context().newPage();
    await secondTab.goto("/");
    await secondTab.getByText("Clicked 0 times").waitFor();
    await secondTab.close();
  });

  it("add a menu and a hook to the open page", async () => {
    await reader.follow(stepsOf(guide, "A menu and a hook"));
    const marked = (label: string) =>
      page.locator("light-nav a[aria-current=page]", { hasText: label });
    await marked("Counter").waitFor({ timeout: 30_000 });
    assert.match(await getWhenUp(origin), /<light-nav[^>]*>\s*<template shadowroot/);

    await joined(page);
    await page.getByRole("button", { name: "Clicked 0 times" }).click();
    await page.getByText("Clicked 1 times").waitFor();
    assert.match(reader.terminal, /^Event fired: inc$/m);

    await page.reload();
    await joined(page);
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.getByRole("link", { name: "About" }).click();
    await page.getByText("Hello from a hook").waitFor();
    await marked("About").waitFor();
    assert.equal(await page.title(), "About");
    await page.getByRole("link", { name: "Counter" }).click();
    await marked("Counter").waitFor();
    assert.deepEqual(requests, []);
  });

  it("include a test that passes", async () => {
    await reader.follow(stepsOf(guide, "A test"));
    assert.match(reader.terminal, /^. pass 1$/m);
  });
});
