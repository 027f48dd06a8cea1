import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { newContext, openBrowser } from "../../demo/test/support/site-browser.js";
import { desktopChromiumVariable } from "../../scripts/test-runner/shared-chromium.js";
import { filesUnder } from "../../scripts/test-runner/test-files.js";
import { checkTypes, createProject, pinned } from "./support/project.js";
import { useRelease } from "./support/release.js";
import { Servers } from "./support/servers.js";

const origins = "//localhost //127.0.0.1";
const thirdParty = JSON.stringify({ sameSite: "none", secure: true });
// The newest Vitest that runs on the oldest Node we support. It contains Vite.
const tools = ["vite@8.3.8", "vitest@4.1.12", "jest@30.5.2"];
/** Arguments that make each test runner run one file. */
const runners = {
  "node:test": ["--test", "--test-reporter=tap", "test/node.test.js"],
  Vitest: ["node_modules/vitest/vitest.mjs", "run", "test/vitest.test.js"],
  Jest: ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "test/jest.test.js"],
};

describe("the packages", { timeout: 580_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "packages-test-"));
  const inFolder = (name: string) => path.join(folder, name);
  const koaApp = inFolder("koa-app");
  const viteApp = inFolder("vite-app");
  const staticPage = path.join(import.meta.dirname, "static-page");
  const servers = new Servers();
  const release = useRelease();
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  before(async () => {
    for (const name of ["koa-app", "vite-app", "profile"]) mkdirSync(inFolder(name));
    const tarballs = release().tarballs.filter((file) =>
      /live-session-(components|adapter)/.test(file),
    );
    assert.equal(tarballs.length, 2);
    const components = tarballs.filter((file) => file.includes("components"));
    const others = ["koa", "lit", "koa-session", "@types/koa", "@types/node"].map(pinned);
    await Promise.all([
      createProject(koaApp, path.join(import.meta.dirname, "koa-app"), [
        ...tarballs,
        ...others,
        ...tools,
      ]),
      createProject(viteApp, path.join(import.meta.dirname, "vite-app"), components),
    ]);
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    servers.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => context?.close());

  const startApp = async (env: Readonly<Record<string, string>> = {}) =>
    `http://localhost:${await servers.startApp(koaApp, env)}`;

  async function open(url: string): Promise<void> {
    context = await newContext(browser, url);
    page = await context.newPage();
    await page.goto(url);
  }

  /** Waits for the greeting of the view, clicks, and waits for the new count. */
  async function countsFor(visitor: string): Promise<void> {
    const view = page.locator("live-session").first();
    await view.getByText(`Hello ${visitor}, 0`).waitFor();
    await page.waitForSelector("live-session[status=connected]");
    await view.getByRole("button").click();
    await view.getByText(`Hello ${visitor}, 1`).waitFor();
  }

  const marked = (text: string) =>
    page.locator("light-nav a[aria-current=page]", { hasText: text }).waitFor();

  describe("as tarballs", () => {
    for (const name of ["components", "adapter-koa"]) {
      it(`contain the files that users of ${name} need, and no others`, () => {
        const installed = path.join(koaApp, "node_modules/@live-session", name);
        const files = filesUnder(installed, ".").map((file) => file.slice(2));
        const expected = /^(LICENSE|README\.md|package\.json|(dist|src)(\/.*)?)$/;
        assert.deepEqual(
          files.filter((file) => !expected.test(file) || /test\.|tsbuildinfo|tsconfig/.test(file)),
          [],
        );
        const { exports, ...fields } = JSON.parse(
          readFileSync(path.join(installed, "package.json"), "utf8"),
        );
        const targets = [exports, fields.customElements, fields["web-types"]]
          .flatMap(
            (value) =>
              JSON.stringify(value ?? null).match(/(?<=")(\.\/)?(dist|src)\/[^"*]+(?=")/g) ?? [],
          )
          .map((target) => path.join(installed, target));
        assert.ok(targets.length >= 6);
        assert.deepEqual(
          targets.filter((target) => !existsSync(target)),
          [],
        );
      });

      it(`contain the sources of the source maps of ${name}`, () => {
        const installed = path.join(koaApp, "node_modules/@live-session", name);
        const maps = filesUnder(installed, "dist").filter((file) => file.endsWith(".map"));
        assert.ok(maps.length > 20);
        for (const file of maps) {
          const { sources, sourcesContent } = JSON.parse(
            readFileSync(path.join(installed, file), "utf8"),
          );
          for (const [at, source] of sources.entries()) {
            const there = existsSync(path.resolve(installed, path.dirname(file), source));
            assert.ok(there || sourcesContent?.[at], `${file}: ${source}`);
          }
        }
      });
    }

    it("have valid types for server and browser, including those of all dependencies", () => {
      const node = { module: "nodenext", types: ["node"], lib: ["es2023", "dom", "dom.iterable"] };
      assert.equal(checkTypes(koaApp, ["types.ts"], node), "");
      const bundler = {
        module: "esnext",
        moduleResolution: "bundler",
        lib: ["es2022", "dom", "dom.iterable"],
      };
      assert.equal(checkTypes(viteApp, ["main.ts"], bundler), "");
    });
  });

  for (const [name, args] of Object.entries(runners)) {
    it(`have a test kit that passes and fails under ${name}, with its own message`, () => {
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: koaApp,
        encoding: "utf8",
        env: {
          ...process.env,
          NO_COLOR: "1",
          NODE_TEST_CONTEXT: undefined,
          NODE_OPTIONS: undefined,
        },
      });
      const output = stdout + stderr;
      assert.equal(status, 1, output);
      assert.match(output, /# pass 2\n# fail 1|1 failed.* 2 passed/, output);
      assert.match(output, /no element matches/);
      assert.match(output, /Candidates/);
    });
  }

  describe("in a Koa app", () => {
    it("serve a page that responds to a click", async () => {
      await open(await startApp());
      await countsFor("stranger");
    });
  });

  describe("as a script tag in a page of another origin", () => {
    it("show a view, mark links and recognize the visitor on the same site", async () => {
      const app = await startApp({ ORIGINS: origins });
      const port = await servers.serveFolder(staticPage, app);
      await open(`${app}/?visitor=Ada`);
      await page.goto(`http://localhost:${port}/`);
      await countsFor("Ada");
      await marked("Counter");
    });

    it("show a view without a session on another site, where the browser keeps no cookies", async () => {
      const app = await startApp({ ORIGINS: origins });
      const port = await servers.serveFolder(staticPage, app);
      await open(`${app}/?visitor=Ada`);
      await page.goto(`http://127.0.0.1:${port}/`);
      await countsFor("stranger");
      await marked("Counter");
    });

    it("recognize the visitor on another site if the browser sends third-party cookies", async () => {
      const app = await startApp({ ORIGINS: origins, COOKIES: thirdParty });
      const port = await servers.serveFolder(staticPage, app);
      // The headless shell has no profiles.
      const executablePath = process.env[desktopChromiumVariable] as string;
      mkdirSync(inFolder("profile/Default"));
      const allowed = JSON.stringify({
        profile: { cookie_controls_mode: 0, block_third_party_cookies: false },
      });
      writeFileSync(inFolder("profile/Default/Preferences"), allowed);
      const args = ["--no-sandbox", "--disable-dev-shm-usage"];
      context = await chromium.launchPersistentContext(inFolder("profile"), {
        executablePath,
        args,
      });
      page = await context.newPage();
      await page.goto(`${app}/?visitor=Ada`);
      await page.goto(`http://127.0.0.1:${port}/`);
      await countsFor("Ada");
    });

    it("use a separate session for the other site if cookies are partitioned", async () => {
      const cookies = JSON.stringify({ sameSite: "none", secure: true, partitioned: true });
      const app = await startApp({ ORIGINS: origins, COOKIES: cookies });
      const port = await servers.serveFolder(staticPage, app);
      await open(`${app}/?visitor=Ada`);
      await page.goto(`http://127.0.0.1:${port}/`);
      await countsFor("stranger");
      await page.evaluate(async (url) => {
        const headers = { accept: "application/vnd.live-session+json" };
        await fetch(url, { headers, credentials: "include" });
      }, `${app}/?visitor=Eve`);
      await page.reload();
      await countsFor("Eve");
    });

    it("show nothing to an origin that is not allowed", async () => {
      const app = await startApp({ ORIGINS: "//localhost" });
      const port = await servers.serveFolder(staticPage, app);
      await open(`http://127.0.0.1:${port}/`);
      await page.waitForSelector("#view[status=error]", { state: "attached" });
      assert.equal(await page.locator("#view").textContent(), "");
    });
  });

  describe("as single elements in a Vite app", () => {
    const built = path.join(viteApp, "dist");

    before(() => {
      execFileSync(
        process.execPath,
        [path.join(koaApp, "node_modules/vite/bin/vite.js"), "build", "--logLevel=error"],
        { cwd: viteApp },
      );
    });

    it("include no other element", () => {
      const scripts = filesUnder(built, "assets").filter((file) => file.endsWith(".js"));
      const code = scripts.map((file) => readFileSync(path.join(built, file), "utf8")).join("");
      for (const tag of ["live-session", "light-nav"])
        assert.ok(code.includes(`\`${tag}\``) || code.includes(`"${tag}"`), tag);
      assert.doesNotMatch(code, /notifications:close|lv:clear-flash/);
    });

    it("receive the data of the view, and keep their definitions when a second copy loads", async () => {
      const app = await startApp({ ORIGINS: origins });
      const port = await servers.serveFolder(built);
      await open(`http://localhost:${port}/?server=${app}/`);
      await marked("Counter");
      const warnings: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "warning") warnings.push(message.text());
      });
      await page.addScriptTag({ type: "module", url: `${app}/live/live-session.js` });
      await page.waitForFunction(
        () => customElements.get("live-notifications") && customElements.get("live-flash"),
      );
      assert.deepEqual(warnings, [
        "<live-session> is defined already. Is @live-session/components loaded twice?",
        "<light-nav> is defined already. Is @live-session/components loaded twice?",
      ]);
      await marked("Counter");
    });
  });
});
