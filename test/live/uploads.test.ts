import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { html as documentHtml } from "@lit-labs/ssr";
import { LiveRouter, liveView, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser, Page } from "playwright-core";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import {
  joined,
  newContext,
  open,
  openBrowser,
  violations,
} from "../../demo/test/support/site-browser.js";

const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const megabyte = 1024 * 1024;

/** A server that accepts files by `PUT`, as object storage does for signed URLs. */
const stored = new Map<string, string>();
const storage = createServer(async (request, response) => {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader("Access-Control-Allow-Methods", "PUT");
  response.setHeader("Access-Control-Allow-Headers", "*");
  const url = new URL(request.url ?? "", "http://storage");
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const isSigned = url.searchParams.get("signature") === "valid";
  if (request.method === "PUT" && isSigned) stored.set(url.pathname, hash(Buffer.concat(chunks)));
  response.statusCode = request.method === "OPTIONS" || isSigned ? 200 : 403;
  response.end();
});

const storageUrl = (): string => `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;

const filesLive = liveView("FilesLive", {
  types: {} as { own: { saved: readonly string[]; clicks: number } },
  uploads: {
    files: upload({ maxEntries: 2, maxFileSize: 200 * megabyte }),
    now: upload({ autoUpload: true, maxFileSize: 200 * megabyte }),
    away: upload({
      maxFileSize: 1.5 * megabyte,
      external: ({ entry }) => ({
        url: `${storageUrl()}/${entry.name}?signature=${entry.name === "forged" ? "no" : "valid"}`,
        headers: { "content-type": "application/octet-stream" },
      }),
    }),
  },
  mount({ socket, uploads }) {
    socket.assign({ saved: [], clicks: 0 });
    uploads.now.onComplete(async () => {
      const saved = await uploads.now.consume(async ({ path: file }) => hash(await readFile(file)));
      socket.assign({ saved });
    });
  },
  handleEvent: {
    async save({ socket, uploads }) {
      const saved = await uploads.files.consume(async ({ path: file }) =>
        hash(await readFile(file)),
      );
      socket.assign({ saved });
    },
    async "save-away"({ socket, uploads }) {
      const saved = await uploads.away.consume(
        ({ destination }) => new URL(destination.url).pathname,
      );
      socket.assign({ saved });
    },
    click: ({ socket }) => socket.assign({ clicks: socket.assigns.clicks + 1 }),
  },
  render: ({ saved, clicks, uploads }) => html`
    <form id="f" live-submit="save"><input type="file" live-upload="files" multiple><button>Save</button></form>
    <input id="now" type="file" live-upload="now">
    <form id="a" live-submit="save-away"><input type="file" live-upload="away"><button>Save</button></form>
    <ul>${[...uploads.files.entries, ...uploads.now.entries, ...uploads.away.entries].map(
      ({ name, progress, errors }) => html`<li>${name} ${progress}% ${errors.join(" ")}</li>`,
    )}</ul>
    <output>${saved.join(" ")}</output><button id="click" live-click="click">${clicks}</button>`,
});

const elementLive = liveView("ElementLive", {
  types: {} as { own: { saved: readonly string[] } },
  uploads: { pictures: upload({ accept: ["image/png", ".txt"], maxEntries: 2 }) },
  mount: ({ socket }) => socket.assign({ saved: [] }),
  handleEvent: {
    async save({ socket, uploads }) {
      const saved = await uploads.pictures.consume(({ entry }) => `${entry.name} ${entry.type}`);
      socket.assign({ saved });
    },
  },
  render: ({ saved, uploads }) => html`
    <form live-submit="save">
      <live-file-input .upload=${uploads.pictures}></live-file-input><button id="save">Save</button>
    </form>
    <output>${saved.join(", ")}</output>`,
});

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

describe("an upload in the browser", () => {
  let browser: Browser;
  let server: LiveServer;
  let page: Page;
  let uploadDirectory: string;
  const sockets = new Set<Socket>();
  let closedBytes = 0;
  const receivedBytes = (): number =>
    [...sockets].reduce((sum, { bytesRead }) => sum + bytesRead, closedBytes);
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  before(async () => {
    uploadDirectory = await mkdtemp(path.join(tmpdir(), "uploads-test-"));
    await new Promise<void>((resolve) => storage.listen(0, "127.0.0.1", resolve));
    browser = await openBrowser();
    const router = new LiveRouter().live("/", filesLive);
    router
      .liveSession("element", {
        rootLayout: ({ content, scriptUrl }) => documentHtml`<!doctype html>
          <html lang="en"><head><title>Pictures</title><script type="module" src=${scriptUrl}></script>
          <script type="module" src="/live/live-file-input.js"></script></head><body><main><h1>Pictures</h1>${content}</main></body></html>`,
      })
      .live("/element", elementLive);
    server = await openServer(router, {
      uploadDirectory,
      limits: { joinsPerSecond: 100 },
    });
    server.server.on("connection", (socket) => {
      sockets.add(socket);
      socket.once("close", () => {
        if (sockets.delete(socket)) closedBytes += socket.bytesRead;
      });
    });
    const context = await newContext(browser, server.origin);
    page = await context.newPage();
  });
  beforeEach(() => open(page, "/"));
  after(async () => {
    await page.context().close();
    await browser.close();
    await server.stop();
    storage.close();
    await rm(uploadDirectory, { recursive: true, force: true });
  });

  const choose = (selector: string, ...files: readonly [name: string, content: Buffer][]) =>
    page
      .locator(selector)
      .setInputFiles(
        files.map(([name, buffer]) => ({ name, buffer, mimeType: "application/octet-stream" })),
      );
  const saved = async (expected: string): Promise<void> => {
    await page.locator("output", { hasText: expected }).waitFor();
    assert.deepEqual(server.errors, []);
  };

  it("sends chosen files with the submit of their form", async () => {
    const [first, second] = [randomBytes(300_000), randomBytes(10)];
    await choose("#f input", ["a.bin", first], ["b.bin", second]);
    await page.locator("li", { hasText: "b.bin 0%" }).waitFor();
    await page.locator("#f button").click();
    await saved(`${hash(first)} ${hash(second)}`);
    assert.equal(await page.locator("li").count(), 0);
    await joined(page);
    assert.equal(await page.locator("#f input").inputValue(), "");
  });

  it("does not send a form whose file is refused", async () => {
    const large = Buffer.alloc(2 * megabyte);
    await choose("#a input", ["large", large]);
    await page.locator("li", { hasText: "too-large" }).waitFor();
    await page.locator("#a button").click();
    await page.locator("#click").click();
    await page.locator("#click", { hasText: "1" }).waitFor();
    assert.equal(await page.locator("output").textContent(), "");
  });

  it("arrives unchanged although the connection is cut", async () => {
    const content = randomBytes(8 * megabyte);
    const source = path.join(uploadDirectory, "large.bin");
    await writeFile(source, content);
    await page.locator("#now").setInputFiles(source);
    // The page would show a percentage too briefly if it is busy.
    const before = receivedBytes();
    for (const part of [0.1, 0.4, 0.7]) {
      while (receivedBytes() - before < part * content.length) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      cut();
    }
    await saved(hash(content));
    await joined(page);
    await rm(source);
    const left = await readdir(uploadDirectory, { recursive: true, withFileTypes: true });
    assert.deepEqual(
      left.filter((each) => each.isFile()),
      [],
    );
  });

  it("is sent to a signed URL", async () => {
    const content = randomBytes(1_000_000);
    await choose("#a input", ["report", content]);
    await page.locator("#a button").click();
    await saved("/report");
    assert.equal(stored.get("/report"), hash(content));
    await choose("#a input", ["forged", content]);
    await page.locator("#a button").click();
    await page.locator("li", { hasText: "failed" }).waitFor();
  });

  it("is sent by posts over long polling", async (t) => {
    const listeners = server.server.listeners("upgrade");
    server.server.removeAllListeners("upgrade");
    server.server.on("upgrade", (_request, socket) => socket.destroy());
    t.after(() => {
      server.server.removeAllListeners("upgrade");
      for (const listener of listeners) server.server.on("upgrade", listener as never);
    });
    // The tab remembers that WebSockets have failed.
    await page.evaluate(() => sessionStorage.setItem("live-session:long-poll", "true"));
    await page.reload();
    await joined(page);
    const content = randomBytes(500_000);
    await choose("#now", ["polled.bin", content]);
    await saved(hash(content));
  });

  it("is chosen, shown, cancelled and sent by <live-file-input>", async () => {
    await open(page, "/element");
    const element = page.locator("live-file-input");
    const entries = element.locator("[part=entry]");
    const chooser = page.waitForEvent("filechooser");
    await element.getByRole("button", { name: "Choose files" }).press("Enter");
    await (await chooser).setFiles([
      { name: "a.png", mimeType: "image/png", buffer: png },
      { name: "b.txt", mimeType: "text/plain", buffer: Buffer.from("text") },
    ]);
    await entries.nth(1).waitFor();
    assert.match(
      (await entries.first().locator("[part=preview]").getAttribute("src")) ?? "",
      /^blob:/,
    );
    assert.deepEqual(await violations(page), []);
    await element.getByRole("button", { name: "Remove b.txt" }).click();
    await entries.nth(1).waitFor({ state: "detached" });
    await drop(page, "c.html", "<p>");
    await element.getByRole("alert", { name: "" }).filter({ hasText: "not accepted" }).waitFor();
    await element.getByRole("button", { name: "Remove c.html" }).click();
    await page.locator("#save").click();
    await saved("a.png image/png");
    assert.equal(await entries.count(), 0);
  });
});

/** Drops a file on the element, as a user does. */
function drop(page: Page, name: string, content: string): Promise<void> {
  return page.locator("live-file-input [part=area]").evaluate(
    (area, file) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([file.content], file.name, { type: "text/html" }));
      area.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, content },
  );
}
