import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { unpackRelease } from "./support/installed-release.js";
import { useRelease } from "./support/release.js";
import { Terminal } from "./support/terminal.js";

const broken = `<h1>\${JSON.parse("{")}</h1>`;
const counter = "src/web/live/counter-live.ts";
const typo = '<button type="button" live-clikc="inc">Typo</button>';
const fields = `<input aria-label="Copy" value=\${count}><input aria-label="Bound" .value=\${String(count)}>`;

describe("live-session dev", { timeout: 170_000 }, () => {
  const release = useRelease();
  const terminal = new Terminal();
  let folder: string;
  let url: string;
  let browser: Browser;
  let page: Page;

  before(async () => {
    folder = unpackRelease(release(), "developed");
    const create = "node_modules/create-live-session/dist/cli.js";
    const args = ["app", "--yes", "--no-install"];
    const { status, output } = terminal.run(folder, process.execPath, create, ...args);
    assert.equal(status, 0, output);
    const app = path.join(folder, "app");
    url = await terminal.serve(app, ["../node_modules/live-session/dist/cli.js", "dev"], {
      PORT: "0",
    });
    browser = await openBrowser();
    page = await (await newContext(browser, url)).newPage();
    page.setDefaultTimeout(60_000); // On a busy machine, the app starts slowly.
    await open(page, "/");
  });
  after(async () => {
    await browser?.close();
    await terminal.close();
    rmSync(folder, { recursive: true });
  });

  let saved: string;
  beforeEach(() => {
    saved = readFileSync(path.join(folder, "app", counter), "utf8");
  });
  const fix = () => writeFileSync(path.join(folder, "app", counter), saved);

  /** Replaces a string in a file of the app, as an editor that saves. */
  function edit(file: string, text: string, by: string): void {
    const full = path.join(folder, "app", file);
    const code = readFileSync(full, "utf8");
    assert.ok(code.includes(text), `${file}: ${text}`);
    writeFileSync(full, code.replace(text, by));
  }
  const overlay = () => page.locator("live-session-dev-overlay");

  it("ends when the npm that has started it in a shell has ended", async () => {
    const command = `"${process.execPath}" ../node_modules/live-session/dist/cli.js dev; true`;
    const shell = spawn("sh", ["-c", command], {
      cwd: path.join(folder, "app"),
      env: { ...process.env, PORT: "0", npm_lifecycle_event: "npx" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve) => {
      let output = "";
      shell.stdout.on("data", (chunk) => {
        output += chunk;
        if (output.includes("The app runs on")) resolve();
      });
    });
    shell.kill();
    // Its output remains open until the processes in the shell have ended, too.
    await new Promise((resolve) => shell.once("close", resolve));
  });

  it("shows an edited view and an edited layout without a reload, and keeps typed text", async () => {
    await page.evaluate(() => {
      document.body.dataset.loaded = "once";
    });
    edit(counter, "<h1>Counter</h1>", '<h1>Counter</h1><input id="note" aria-label="Note">');
    await page.getByLabel("Note").fill("typed text");
    edit(counter, "<h1>Counter</h1>", "<h1>Counters</h1>");
    await page.getByRole("heading", { name: "Counters" }).waitFor();
    edit("src/web/layouts/app-layout.ts", "Skip to content", "Skip the menu");
    await page.getByText("Skip the menu").waitFor({ state: "attached" });
    assert.equal(await page.getByLabel("Note").inputValue(), "typed text");
    await page.locator("body[data-loaded=once]").waitFor();
  });

  it("loads an edited stylesheet again without a reload", async () => {
    edit("src/web/assets/theme.css", ":root {", ":root {\n  --edited: 1;");
    await page.waitForFunction(
      () => getComputedStyle(document.documentElement).getPropertyValue("--edited") === "1",
    );
    await page.locator("body[data-loaded=once]").waitFor();
  });

  it("shows the last one of quick edits by an editor that replaces the file", async () => {
    const full = path.join(folder, "app", counter);
    for (const count of [1, 2, 3, 4, 5]) {
      const written = `${full}.new`;
      writeFileSync(written, saved.replace("<h1>Counters</h1>", `<h1>Edit ${count}</h1>`));
      renameSync(written, full);
      // Waits for the second edit, so that the process of the first one runs the app again.
      if (count === 2) await page.getByRole("heading", { name: "Edit 2" }).waitFor();
    }
    await page.getByRole("heading", { name: "Edit 5" }).waitFor();
    fix();
    await page.getByRole("heading", { name: "Counters" }).waitFor();
  });

  it("shows an exception of a view with its place, until the file is fixed", async () => {
    edit(counter, "<h1>Counters</h1>", broken);
    await overlay().getByRole("heading", { name: "SyntaxError" }).first().waitFor();
    const text = (await overlay().locator("article").first().textContent()) ?? "";
    assert.match(text, /src\/web\/live\/counter-live\.ts:\d+/);
    assert.match(text, /> +\d+ \| /);
    fix();
    await overlay().waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Counters" }).waitFor();
  });

  it("shows an exception of the first request, and loads the page when the file is fixed", async () => {
    edit(counter, "<h1>Counters</h1>", broken);
    await overlay().first().waitFor();
    const second = await page.context().newPage();
    await second.goto("/");
    await second.locator("live-session-dev-overlay h2").first().waitFor();
    fix();
    await second.getByRole("heading", { name: "Counters" }).waitFor();
    await second.close();
  });

  it("shows a module that does not compile while the old app continues", async () => {
    writeFileSync(path.join(folder, "app", counter), `const = ;\n${saved}`);
    await overlay().getByText("Transform failed").first().waitFor();
    fix();
    await overlay().waitFor({ state: "detached" });
  });

  it("warns about a misspelled binding and about a form without an id or a method", async () => {
    const warnings: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "warning") warnings.push(message.text());
    });
    edit(
      counter,
      "<h1>Counters</h1>",
      `<h1>Counters</h1>${typo}<form live-change="inc" live-submit="inc"></form>`,
    );
    await page.getByText("Typo").waitFor();
    await page.waitForFunction(() => document.querySelector("form[live-change]") !== null);
    assert.match(warnings.join("\n"), /live-clikc is not a binding.*Did you mean live-click\?/);
    assert.match(warnings.join("\n"), /a form with live-change needs an id/);
    assert.match(warnings.join("\n"), /a form with live-submit needs a method/);
  });

  it("warns about a field that does not follow the view, once the user has changed it", async () => {
    edit(counter, "<h1>Counters</h1>", `<h1>Counters</h1>${fields}`);
    await page.getByLabel("Copy").fill("typed");
    await page.getByLabel("Bound").fill("typed");
    const warned = page.waitForEvent("console", (message) => message.type() === "warning");
    await page.locator("[live-click=inc]").click();
    assert.match((await warned).text(), /^this input does not follow the view.*\.value=/);
    assert.notEqual(await page.getByLabel("Bound").inputValue(), "typed");
    assert.equal(await page.getByLabel("Copy").inputValue(), "typed");
    fix();
  });

  it("loads the page again when the document has changed", async () => {
    edit("src/web/layouts/root-layout.ts", '<html lang="en">', '<html lang="en" class="edited">');
    await page.locator("html.edited").waitFor();
    assert.equal(await page.locator("body[data-loaded]").count(), 0);
  });

  it("names a port that is in use", () => {
    const app = path.join(folder, "app");
    const { port } = new URL(url);
    writeFileSync(path.join(app, ".env"), `PORT=${port}\n`);
    const cli = "../node_modules/live-session/dist/cli.js";
    const { status, output } = terminal.run(app, process.execPath, cli, "dev");
    assert.equal(status, 1);
    assert.equal(output, `port ${port} is in use: set PORT to another one\n`);
  });
});

/** An app that answers with a given string and the id of its process. */
const small = (text: string, more = "") => `
  import { createServer } from "node:http";
  ${more}
  const server = createServer((_request, response) => response.end(\`${text} \${process.pid}\`));
  server.listen(process.env.PORT, process.env.HOST);
  process.on("SIGTERM", () => server.close());
`;
const once =
  'if ("loaded" in globalThis) throw new Error("twice");\nObject.assign(globalThis, { loaded: true });';

describe("live-session dev with an app in JavaScript", { timeout: 170_000 }, () => {
  const release = useRelease();
  const terminal = new Terminal();
  let folder: string;
  let url: string;
  let edits = 0;

  before(async () => {
    folder = unpackRelease(release(), "small");
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, "server.js"), small("first"));
    const args = ["node_modules/live-session/dist/cli.js", "dev", "server.js"];
    url = await terminal.serve(folder, args, { PORT: "0" });
  });
  after(async () => {
    await terminal.close();
    rmSync(folder, { recursive: true });
  });

  /** Writes an app, and returns the id of its process when it runs. */
  async function edit(more?: string, code = small): Promise<string> {
    const text = `edit ${++edits}`;
    writeFileSync(path.join(folder, "server.js"), code(text, more));
    for (;;) {
      const answer = await (await fetch(url)).text();
      if (answer.startsWith(`${text} `)) return answer.slice(text.length + 1);
      await setTimeout(10); // Requests without a pause would take the CPU time that the new process needs.
    }
  }
  const editTimes = async (count: number, more?: string, code?: typeof small) => {
    const processes = [];
    for (let i = 0; i < count; i++) processes.push(await edit(more, code));
    return new Set(processes);
  };

  it("loads it again in two processes that take turns", async () => {
    assert.equal((await editTimes(5)).size, 2);
  });

  it("loads it in new processes after the environment has changed", async () => {
    const before = await editTimes(2);
    writeFileSync(path.join(folder, ".env"), "A=1\n");
    while (before.has((await (await fetch(url)).text()).replace(/.* /, ""))) await setTimeout(10);
    assert.ok(!before.has(await edit()));
  });

  it("loads it in new processes if it ends its process", async () => {
    const ends = (text: string) => small(text).replace("server.close()", "process.exit()");
    assert.equal((await editTimes(4, "", ends)).size, 4);
  });

  it("loads it in new processes if it cannot be loaded twice", async () => {
    assert.equal((await editTimes(4, once)).size, 4);
  });
});
