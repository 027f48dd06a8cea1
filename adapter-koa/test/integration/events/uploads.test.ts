import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { after, describe, it } from "node:test";
import {
  createLive,
  type LiveLimits,
  LiveRouter,
  liveView,
  type Upload,
  upload,
} from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { folderPrefix } from "../../../src/live/uploads/temporary-folder.js";
import { appOf } from "../../support/app.js";
import { filesIn, noneLeft } from "../../support/upload-files.js";
import { until } from "../../support/wait.js";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const hash = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const folder = await mkdtemp(path.join(tmpdir(), "uploads-test-"));
after(() => rm(folder, { recursive: true, force: true }));

/** A view that shows its upload, and the hashes of the files that it has consumed. */
const filesLive = (declared: Upload<{ readonly path: string }>) =>
  liveView("FilesLive", {
    types: {} as { own: { saved: readonly string[]; completed: readonly string[] } },
    uploads: { files: declared },
    mount({ socket, uploads }) {
      socket.assign({ saved: [], completed: [] });
      uploads.files.onComplete(({ entry }) =>
        socket.assign({ completed: [...socket.assigns.completed, entry.name] }),
      );
    },
    handleEvent: {
      async save({ socket, uploads }) {
        const saved = await uploads.files.consume(
          async ({ path: file, entry }) =>
            `${entry.name} ${entry.type} ${hash(await readFile(file))}`,
        );
        socket.assign({ saved: [...socket.assigns.saved, ...saved] });
      },
      cancel: ({ uploads, payload }) => uploads.files.cancel(String(payload)),
      crash() {
        throw new Error("as intended");
      },
    },
    render: ({ saved, completed, uploads }) => html`
      <form id="f" live-submit="save"><input type="file" live-upload="files" multiple></form>
      <ul>${uploads.files.entries.map(
        ({ name, progress, errors, done }) =>
          html`<li>${[name, `${progress}%`, ...errors, ...(done ? ["done"] : [])].join(" ")}</li>`,
      )}</ul>
      <output>${saved.join(" ")}</output><i>${completed.join()}</i><b>${uploads.files.progress}</b>`,
  });

async function open(
  declared: Upload<{ readonly path: string }>,
  limits: Partial<LiveLimits> = {},
): Promise<{ page: Page; files: () => Promise<string[]> }> {
  const uploadDirectory = await mkdtemp(path.join(folder, "app-"));
  const { app, live } = appOf(filesLive(declared), { uploadDirectory, limits });
  after(() => live.close());
  const page = await visit(app, "/");
  await page.connect();
  return { page, files: () => filesIn(uploadDirectory) };
}

const rows = (page: Page): string[] =>
  [...page.render().matchAll(/<li>(.*?)<\/li>/g)].map(([, text = ""]) => text);

describe("an upload", () => {
  it("shows files, their progress and their end, and passes them to consume", async () => {
    const { page, files } = await open(upload({ maxEntries: 3 }));
    const content = randomBytes(150_000);
    const chosen = page.file("#f", "files", [
      { name: "a.bin", content },
      { name: "b.txt", content: "hello", type: "text/plain" },
    ]);
    await chosen.choose();
    assert.deepEqual(rows(page), ["a.bin 0%", "b.txt 0%"]);
    await chosen.upload("50%");
    assert.deepEqual(rows(page), ["a.bin 50%", "b.txt 40%"]);
    await chosen.upload();
    assert.deepEqual(rows(page), ["a.bin 100% done", "b.txt 100% done"]);
    assert.equal(page.element("i").text, "a.bin,b.txt");
    assert.equal(page.element("b").text, "100");
    assert.equal((await files()).length, 2);
    await page.form("#f").submit();
    assert.equal(
      page.element("output").text,
      `a.bin application/octet-stream ${hash(content)} b.txt text/plain ${hash(Buffer.from("hello"))}`,
    );
    assert.deepEqual(rows(page), []);
    assert.deepEqual(await files(), []);
  });

  it("continues after the connection was lost, and completes an empty file", async () => {
    const { page } = await open(upload({ maxEntries: 2 }));
    const content = randomBytes(300_000);
    const chosen = page.file("#f", "files", [
      { name: "a.bin", content },
      { name: "empty", content: "" },
    ]);
    await chosen.upload("60%");
    await page.reconnect();
    assert.deepEqual(rows(page), []);
    await chosen.choose();
    assert.deepEqual(rows(page), ["a.bin 60%", "empty 100% done"]);
    await chosen.upload();
    await page.form("#f").submit();
    assert.match(page.element("output").text, new RegExp(hash(content)));
  });

  it("continues after the view has crashed", async () => {
    const { page } = await open(upload());
    const chosen = page.file("#f", "files", [{ name: "a.bin", content: randomBytes(1000) }]);
    await chosen.upload("50%");
    await assert.rejects(page.push("crash"), /as intended/);
    await page.connect();
    await chosen.choose();
    assert.deepEqual(rows(page), ["a.bin 50%"]);
  });

  it("refuses files above its limits, with errors on their entries", async () => {
    const { page, files } = await open(
      upload({ maxEntries: 2, maxFileSize: 100, accept: ["image/*", ".txt"] }),
    );
    await page
      .file("#f", "files", [
        { name: "large.png", content: "x".repeat(101), type: "image/png" },
        { name: "page.html", content: "<p>", type: "text/html" },
        { name: "real.png", content: png, type: "image/png" },
        { name: "note.txt", content: "text", type: "text/plain" },
        { name: "third.txt", content: "text", type: "text/plain" },
      ])
      .upload();
    assert.deepEqual(rows(page), [
      "large.png 0% too-large",
      "page.html 0% not-accepted",
      "real.png 100% done",
      "note.txt 100% done",
      "third.txt 0% too-many-files",
    ]);
    assert.equal((await files()).length, 2);
  });

  it("refuses content whose type does not match the name", async () => {
    const { page, files } = await open(upload({ maxEntries: 3, accept: ["image/*"] }));
    await page
      .file("#f", "files", [
        { name: "text.png", content: "not an image", type: "image/png" },
        { name: "program.png", content: Buffer.concat([Buffer.from("MZ"), randomBytes(5000)]) },
        { name: "really-a-png.jpg", content: png, type: "image/jpeg" },
      ])
      .upload();
    assert.deepEqual(rows(page), [
      "text.png 0% not-accepted",
      "program.png 0% not-accepted",
      "really-a-png.jpg 100% done",
    ]);
    await noneLeft(async () => (await files()).slice(1));
    await page.form("#f").submit();
    assert.match(page.element("output").text, /^really-a-png.jpg image\/png /);
  });

  it("shows the name of a file without folders and control characters", async () => {
    const { page } = await open(upload({ maxEntries: 2 }));
    await page
      .file("#f", "files", [
        { name: "../../etc/pass\u202Ewd\0", content: "" },
        { name: "C:\\\n", content: "" },
      ])
      .choose();
    assert.deepEqual(rows(page), ["passwd 100% done", "file 100% done"]);
  });

  it("replaces the file of an upload of one", async () => {
    const { page, files } = await open(upload());
    await page.file("#f", "files", [{ name: "a", content: "a" }]).upload();
    await page.file("#f", "files", [{ name: "b", content: "b" }]).upload();
    assert.deepEqual(rows(page), ["b 100% done"]);
    await noneLeft(async () => (await files()).slice(1));
  });

  it("keeps an allowed single file if another one is refused", async () => {
    const { page, files } = await open(upload({ maxFileSize: 1 }));
    await page.file("#f", "files", [{ name: "a", content: "a" }]).upload();
    await page.file("#f", "files", [{ name: "large", content: "bb" }]).upload();
    await page.file("#f", "files", [{ name: "larger", content: "ccc" }]).upload();
    assert.deepEqual(rows(page), ["a 100% done", "larger 0% too-large"]);
    assert.equal((await files()).length, 1);
  });

  it("creates no file for those that another one of the same request replaces", async () => {
    const { page, files } = await open(upload());
    const chosen = page.file("#f", "files", [
      { name: "a", content: "a" },
      { name: "b", content: "b" },
    ]);
    await chosen.choose();
    assert.deepEqual(rows(page), ["b 0%"]);
    assert.equal((await files()).length, 1);
    page.assertPushEvent("lv:upload-removed", { ref: chosen.refs[0] });
  });

  it("removes the files of an entry and of a view that has ended", async () => {
    const { page, files } = await open(upload({ maxEntries: 2 }));
    const chosen = page.file("#f", "files", [
      { name: "a", content: "aaaa" },
      { name: "b", content: "bbbb" },
    ]);
    await chosen.upload("50%");
    await page.push("cancel", chosen.refs[0]);
    assert.deepEqual(rows(page), ["b 50%"]);
    page.assertPushEvent("lv:upload-removed", { ref: chosen.refs[0] });
    await noneLeft(async () => (await files()).slice(1));
    await page.navigate("/");
    await noneLeft(files);
  });

  it("removes files that no view continues in time", async () => {
    const { page, files } = await open(upload(), { uploadResumeTime: 1 });
    await page.file("#f", "files", [{ name: "a", content: "aaaa" }]).upload();
    await page.disconnect();
    await noneLeft(files);
  });

  it("limits the disk space of a visitor, and no longer counts removed files", async () => {
    const { page, files } = await open(upload({ maxEntries: 5 }), { uploadVisitorBytes: 10_000 });
    const chosen = page.file("#f", "files", [
      { name: "a", content: "a".repeat(1000) },
      { name: "b", content: "b".repeat(1000) },
    ]);
    await chosen.upload();
    assert.deepEqual(rows(page), ["a 100% done", "b 0% no-space"]);
    await page.push("cancel", chosen.refs[0]);
    await noneLeft(files);
    await page.file("#f", "files", [{ name: "c", content: "c".repeat(1000) }]).upload();
    assert.deepEqual(rows(page), ["b 0% no-space", "c 100% done"]);
  });

  it("writes to a stream of the app, as slowly as the stream", async () => {
    const received: Buffer[] = [];
    const events: string[] = [];
    let release: () => void = () => {};
    const target = () =>
      new Writable({
        highWaterMark: 1,
        write(chunk, _encoding, done) {
          received.push(chunk);
          release = done;
          if (received.length > 1) done();
        },
        destroy(_error, done) {
          events.push("destroyed");
          done(null);
        },
      });
    const view = liveView("StreamLive", {
      uploads: { files: upload({ writer: target, chunkSize: 10 }) },
      render: ({ uploads }) =>
        html`<input type="file" live-upload="files"><p>${uploads.files.progress}</p>`,
    });
    const { app, live } = appOf(view);
    const page = await visit(app, "/");
    await page.connect();
    const chosen = page.file("input", "files", [{ name: "a", content: "0123456789abcdef" }]);
    await chosen.choose();
    const sent = chosen.upload();
    await until(() => received.length > 0, "the first part");
    assert.equal(page.element("p").text, "0");
    release();
    await sent;
    assert.equal(page.element("p").text, "100");
    assert.equal(Buffer.concat(received).toString(), "0123456789abcdef");
    await live.close();
  });

  it("reports the error of a stream, and shows it on the entry", async () => {
    const view = liveView("BrokenLive", {
      uploads: {
        files: upload({
          writer: () =>
            new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) }),
        }),
      },
      render: ({ uploads }) =>
        html`<input type="file" live-upload="files"><p>${uploads.files.entries[0]?.errors}</p>`,
    });
    const { app, live, errors } = appOf(view);
    const page = await visit(app, "/");
    await page.connect();
    await page.file("input", "files", [{ name: "a", content: "a" }]).upload();
    assert.equal(page.element("p").text, "failed");
    assert.match(String(errors[0]), /disk full/);
    await live.close();
  });

  it("moves a file that consume renames", async () => {
    const target = path.join(folder, "moved");
    const view = liveView("MoveLive", {
      uploads: { files: upload({ autoUpload: true }) },
      mount: ({ uploads }) =>
        uploads.files.onComplete(async () => {
          await uploads.files.consume(({ path: file }) => copyFile(file, target));
        }),
      render: () => html`<input type="file" live-upload="files">`,
    });
    const { app, live } = appOf(view);
    const page = await visit(app, "/");
    await page.connect();
    await page.file("input", "files", [{ name: "a", content: "moved" }]).upload();
    assert.equal(await readFile(target, "utf8"), "moved");
    await live.close();
  });

  it("ends before its connection when live.close spreads the ends of connections", async () => {
    const { app, live } = appOf(filesLive(upload()), { uploadDirectory: folder });
    const page = await visit(app, "/");
    await page.connect();
    const chosen = page.file("#f", "files", [{ name: "a.txt", content: "hello" }]);
    await chosen.upload("50%");
    const closed = live.close({ over: "60s" });
    await chosen.upload();
    await page.form("#f").submit();
    assert.ok(page.element("output").text.startsWith("a.txt text/plain"));
    // At once, because no connection has files.
    await closed;
  });
});

describe("1,000 uploads that do not end well", () => {
  const manyLive = liveView("ManyLive", {
    uploads: { files: upload({ accept: [".png"], maxEntries: 150 }) },
    handleEvent: {
      cancel: ({ uploads, payload }) => uploads.files.cancel(String(payload)),
      async fail({ uploads }) {
        await uploads.files.consume(() => {
          throw new Error("as intended");
        });
      },
      crash() {
        throw new Error("as intended");
      },
    },
    render: ({ uploads }) =>
      html`<input type="file" live-upload="files"><p>${uploads.files.entries.length}</p>`,
  });
  type Files = ReturnType<Page["file"]>;
  const endings: Record<string, (page: Page, files: Files) => Promise<unknown>> = {
    "are cancelled": async (page, { refs }) => {
      for (const ref of refs) await page.push("cancel", ref);
    },
    "are left": (page) => page.navigate("/"),
    "lose their connection": (page) => page.disconnect(),
    "lose their view": (page) => assert.rejects(page.push("crash"), /as intended/),
    "are refused at their end": (_page, files) => files.upload(),
    "fail while they are consumed": async (page) => {
      await page
        .file("input", "files", [{ name: "a.png", content: png, type: "image/png" }])
        .upload();
      await assert.rejects(page.push("fail"), /as intended/);
    },
  };

  it("leave no file, and take no space", async () => {
    const uploadDirectory = await mkdtemp(path.join(folder, "many-"));
    // Space for the files of one round. A file whose space is not released would be missing in the next one.
    const limits = { uploadBytes: 151 * 4200, uploadResumeTime: 1 };
    const { app, live } = appOf(manyLive, { uploadDirectory, limits });
    for (const [ending, end] of Object.entries(endings)) {
      const page = await visit(app, "/");
      await page.connect();
      const count = ending === "fail while they are consumed" ? 149 : 150;
      const files = Array.from({ length: count }, () => ({ name: "a.png", content: "0123456789" }));
      const chosen = page.file("input", "files", files);
      await chosen.upload("50%");
      assert.equal((await filesIn(uploadDirectory)).length, count, ending);
      await end(page, chosen);
      await page.disconnect();
      await noneLeft(() => filesIn(uploadDirectory));
    }
    const page = await visit(app, "/");
    await page.connect();
    await page.file("input", "files", [{ name: "a.png", content: png }]).upload();
    await live.close();
    assert.deepEqual(await readdir(uploadDirectory), []);
  });

  it("leave no file if their process is killed", async () => {
    const uploadDirectory = await mkdtemp(path.join(folder, "killed-"));
    // The process ends itself before it can remove its folder.
    const killed = spawn(process.execPath, [
      "-e",
      `const { mkdirSync, writeFileSync } = require("node:fs");
       const folder = ${JSON.stringify(path.join(uploadDirectory, folderPrefix))} + process.pid + "-abc";
       mkdirSync(folder);
       for (let i = 0; i < 100; i++) writeFileSync(folder + "/" + i, "");
       process.kill(process.pid, "SIGKILL");`,
    ]);
    const [, signal] = await once(killed, "exit");
    assert.equal(signal, "SIGKILL");
    assert.equal((await filesIn(uploadDirectory)).length, 100);
    const live = createLive(new LiveRouter(), { secret: "s".repeat(32), uploadDirectory });
    await noneLeft(() => readdir(uploadDirectory));
    await live.close();
  });
});

describe("an upload whose target fails", () => {
  const failing = (more: Parameters<typeof upload>[0] & object) => {
    const view = liveView("FailingLive", {
      uploads: { files: upload(more) },
      render: ({ uploads }) =>
        html`<input type="file" live-upload="files"><p>${uploads.files.entries.map(({ errors }) => errors.join())}</p>`,
    });
    return appOf(view);
  };
  const fail = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  const full = () =>
    new Writable({
      write: (_chunk, _encoding, done) =>
        done(Object.assign(new Error("full"), { code: "ENOSPC" })),
    });
  for (const [cause, options, error] of [
    ["writer throws", { writer: fail("EACCES") }, "failed"],
    ["signed URL cannot be made", { external: fail("ECONNREFUSED") }, "failed"],
    ["disk is full", { writer: full }, "no-space"],
  ] as const) {
    it(`shows "${error}" if its ${cause}, and the view continues`, async () => {
      const { app, live, errors } = failing(options as never);
      const page = await visit(app, "/");
      await page.connect();
      await page.file("input", "files", [{ name: "a", content: "a" }]).upload();
      assert.equal(page.element("p").text, error);
      assert.equal(errors.length, 1);
      await live.close();
    });
  }

  it("shows its error if the folder of temporary files is missing", async () => {
    const uploadDirectory = path.join(folder, "missing");
    const { app, live, errors } = appOf(filesLive(upload()), { uploadDirectory });
    const page = await visit(app, "/");
    await page.connect();
    await page.file("#f", "files", [{ name: "a", content: "a" }]).upload();
    assert.deepEqual(rows(page), ["a 0% failed"]);
    assert.match(String(errors[0]), /ENOENT/);
    await live.close();
  });
});
