import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdtemp, open, readdir, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { LiveRouter, liveView, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Browser, Page } from "playwright-core";
import { openServer } from "../../adapter-koa/test/support/server.js";
import { joined, launchBrowser, newContext } from "../../demo/test/support/site-browser.js";
import { findChromiums } from "../../scripts/chromium.js";

/**
 * `npm run soak:uploads` sends a file of 1 GB from Chromium through a link of 20 MB/s, clicks during its first quarter, cuts the link
 * 200 times during the rest, and compares the hash of what arrives. Then it cancels and leaves 1,000 uploads, and looks for files
 * that they have left. It exits with an error if something differs. `npm run soak:uploads -- --short` sends 50 MB with 10 cuts, and
 * cancels 100 uploads.
 */
const isShort = process.argv.includes("--short");
const megabyte = 1024 * 1024;
const [megabytes, cuts, cancels] = isShort ? [50, 10, 100] : [1024, 200, 1000];
const bytesPerSecond = 20_000_000;
/** Milliseconds within which 99 of 100 clicks must be answered. */
const limitMs = 100;
/** The part of the file that is sent without a cut. */
const undisturbed = 0.25;

const filesLive = liveView("FilesLive", {
  types: {} as { own: { saved: string; clicks: number } },
  uploads: { files: upload({ autoUpload: true, maxFileSize: 2048 * megabyte }) },
  mount({ socket, uploads }) {
    socket.assign({ saved: "", clicks: 0 });
    uploads.files.onComplete(async () => {
      const [saved = ""] = await uploads.files.consume(({ path: file }) => hashOf(file));
      socket.assign({ saved });
    });
  },
  handleEvent: {
    click: ({ socket }) => socket.assign({ clicks: socket.assigns.clicks + 1 }),
    cancel: ({ uploads }) => {
      for (const { ref } of uploads.files.entries) void uploads.files.cancel(ref);
    },
  },
  render: ({ saved, clicks, uploads }) => html`
    <input type="file" live-upload="files">
    <p>${uploads.files.entries.map(({ progress }) => progress)}</p>
    <output>${saved}</output>
    <button id="cancel" live-click="cancel">Cancel</button>
    <button id="click" live-click="click">${clicks}</button>`,
});

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

async function writeRandom(file: FileHandle, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await file.write(randomBytes(megabyte));
  await file.close();
}

/** A link of limited speed that can be cut. */
async function openLink(port: number) {
  const sockets = new Set<Socket>();
  let received = 0;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket)).on("error", () => {});
    }
    far.pipe(near);
    far.on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    near.on("data", (data) => {
      received += data.length;
      far.write(data);
      near.pause();
      void setTimeout((data.length / bytesPerSecond) * 1000).then(() => near.resume());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get received() {
      return received;
    },
    cut: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () => server.close(),
  };
}

/** Runs in the page: clicks again and again, and notes the milliseconds until each answer. A string, because tsx changes functions. */
const clicking = `
  const state = { latencies: [], isOver: false };
  window.clicking = state;
  const button = document.querySelector("#click");
  const session = document.querySelector("live-session");
  const click = () => {
    if (state.isOver) return;
    const start = performance.now();
    const wasOnline = session.getAttribute("status") === "connected";
    const observer = new MutationObserver(() => {
      observer.disconnect();
      if (wasOnline) state.latencies.push(performance.now() - start);
      setTimeout(click, 50);
    });
    observer.observe(button, { childList: true, characterData: true, subtree: true });
    button.click();
  };
  click();
`;

/** Clicks in the page until a function is called, which returns the latencies. */
async function measureClicks(page: Page): Promise<() => Promise<readonly number[]>> {
  await page.evaluate(clicking);
  return () => page.evaluate<number[]>("clicking.isOver = true, clicking.latencies");
}

const filesIn = async (folder: string): Promise<number> =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())
    .length;

async function sendLargeFile(page: Page, link: Awaited<ReturnType<typeof openLink>>, file: string) {
  const start = performance.now();
  const before = link.received;
  await page.locator("input").setInputFiles(file);
  const stopClicks = await measureClicks(page);
  const size = megabytes * megabyte;
  const reach = async (part: number): Promise<void> => {
    while (link.received - before < part * size) await setTimeout(5);
  };
  // Clicks are measured before the first cut: the answer to a click that is lost comes after a reconnect.
  await reach(undisturbed);
  const latencies = [...(await stopClicks())].sort((a, b) => a - b);
  for (let i = 1; i <= cuts; i++) {
    await reach(undisturbed + (1 - undisturbed) * (i / (cuts + 1)));
    link.cut();
  }
  const expected = await hashOf(file);
  await page.locator("output", { hasText: /\w/ }).waitFor({ timeout: 600_000 });
  const seconds = (performance.now() - start) / 1000;
  const p99 = latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN;
  const isSame = (await page.locator("output").textContent()) === expected;
  return { seconds, p99, clicks: latencies.length, isSame };
}

/** Begins uploads and cancels them, reloads the page, or closes it, in turn. */
async function endUploads(browser: Browser, origin: string, file: string): Promise<void> {
  const context = await newContext(browser, origin);
  let page = await context.newPage();
  await page.goto("/");
  for (let i = 0; i < cancels; i++) {
    await joined(page);
    await page.locator("input").setInputFiles(file);
    await page.locator("p", { hasText: /\d/ }).waitFor();
    if (i % 3 === 0) await page.locator("#cancel").click();
    if (i % 3 === 1) await page.reload();
    if (i % 3 === 2) {
      await page.close();
      page = await context.newPage();
      await page.goto("/");
    }
  }
  await context.close();
}

const folder = await mkdtemp(path.join(tmpdir(), "soak-uploads-"));
const uploadDirectory = await mkdtemp(path.join(tmpdir(), "soak-uploads-"));
const server = await openServer(new LiveRouter().live("/", filesLive), {
  uploadDirectory,
  limits: {
    uploadVisitorBytes: 4096 * megabyte,
    uploadBytes: 8192 * megabyte,
    uploadRate: 1024 * megabyte,
    uploadResumeTime: 5000,
    joinsPerSecond: 1000,
  },
  origins: "any",
});
const link = await openLink(server.port);
const browser = await launchBrowser({ executablePath: findChromiums().fast });
try {
  const file = path.join(folder, "large.bin");
  await writeRandom(await open(file, "w"), megabytes);
  const context = await newContext(browser, link.origin);
  const page = await context.newPage();
  await page.goto("/");
  await joined(page);
  const { seconds, p99, clicks, isSame } = await sendLargeFile(page, link, file);
  await context.close();
  process.stdout.write(
    `${megabytes} MB with ${cuts} cuts: ${seconds.toFixed(0)} s, ${isSame ? "the same hash" : "ANOTHER HASH"}; ` +
      `${clicks} clicks, p99 ${p99.toFixed(0)} ms\n`,
  );
  await endUploads(browser, link.origin, file);
  const late = performance.now() + 30_000;
  while ((await filesIn(uploadDirectory)) > 0 && performance.now() < late) await setTimeout(100);
  const left = await filesIn(uploadDirectory);
  process.stdout.write(`${cancels} ended uploads have left ${left} files\n`);
  if (!isSame || !(p99 < limitMs) || left > 0 || server.errors.length > 0) process.exitCode = 1;
  for (const error of server.errors) process.stderr.write(`${error.stack}\n`);
} finally {
  await browser.close();
  link.close();
  await server.stop();
  await rm(folder, { recursive: true });
  await rm(uploadDirectory, { recursive: true });
}
