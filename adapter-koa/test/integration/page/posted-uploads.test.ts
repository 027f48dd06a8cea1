import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import {
  cont,
  csrf,
  halt,
  LiveRouter,
  liveView,
  onMount,
  redirect,
  upload,
} from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { createApp } from "../../support/app.js";
import { type LiveServer, type ServerSetup, startServer } from "../../support/server.js";
import { filesIn, noneLeft } from "../../support/upload-files.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const folder = await mkdtemp(path.join(tmpdir(), "posted-uploads-test-"));
after(() => rm(folder, { recursive: true, force: true }));

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

interface Own {
  readonly log: readonly string[];
}

let isRunningForever = false;

/** A view whose form works without JavaScript. It logs what its callbacks receive. */
const filesLive = liveView("FilesLive", {
  types: {} as { own: Own },
  uploads: {
    files: upload({ accept: [".txt", "image/png"], maxEntries: 2, maxFileSize: 100_000 }),
    away: upload({ external: () => ({ url: "https://storage.test/" }) }),
  },
  mount({ socket, uploads }) {
    socket.assign({ log: [] });
    uploads.files.onComplete(({ entry }) => write(socket, `complete ${entry.name}`));
  },
  handleEvent: {
    async save({ payload, socket, uploads }) {
      const { note } = payload as { note?: string };
      const saved = await uploads.files.consume(
        async ({ path: file, entry }) =>
          `${entry.name} ${entry.type} ${entry.size} ${(await readFile(file)).byteLength}`,
      );
      write(socket, `saved ${saved.join(", ")} note ${note}`);
      socket.send("sent");
      socket.startAsync("task", async () => "task");
    },
    leave({ socket }) {
      socket.putFlash("info", "Saved.");
      socket.pushNavigate("/other");
    },
    patch: ({ socket }) => socket.pushPatch("/?patched=1"),
    crash() {
      throw new Error("as intended");
    },
    forever({ socket }) {
      isRunningForever = true;
      socket.startAsync("forever", () => new Promise(() => {}));
    },
  },
  handleInfo: ({ message, socket }) => write(socket, String(message)),
  handleAsync: ({ result, socket }) => write(socket, result.ok ? String(result.value) : "failed"),
  render: ({ log, uploads, csrfToken, flash }) => html`
    <form id="f" method="post" enctype="multipart/form-data" live-submit="save">
      <input type="hidden" name="_csrf_token" value=${csrfToken}>
      <input type="hidden" name="_event" value="save">
      <input name="note" value="">
      <input type="file" name="files" live-upload="files" multiple>
      <input type="file" name="away" live-upload="away">
      <button>Save</button>
    </form>
    <ul>${[...uploads.files.entries, ...uploads.away.entries].map(
      ({ name, errors, done }) =>
        html`<li>${[name, ...errors, ...(done ? ["done"] : [])].join(" ")}</li>`,
    )}</ul>
    <output>${log.join("; ")}</output><i>${flash.info}</i>`,
});

function write(socket: { assigns: Own; assign(own: Own): void }, line: string): void {
  socket.assign({ log: [...socket.assigns.log, line] });
}

const otherLive = liveView("OtherLive", { render: ({ flash }) => html`<i>${flash.info}</i>` });

/** Records the events that pass the hook of the live session, and redirects visitors of `/?denied`. */
const guard = onMount("guard", ({ params, socket }) => {
  if ("denied" in params) return halt(redirect("/other"));
  socket.attachHook("guard", "handleEvent", ({ event, socket: each }) => {
    each.putFlash("info", `hook ${event}`);
    return cont();
  });
  return cont();
});

const routes = (router: LiveRouter) =>
  router
    .liveSession("tested", { onMount: guard })
    .live("/", filesLive, "show")
    .live("/other", otherLive);

async function open(at = "/"): Promise<{ page: Page; uploadDirectory: string; errors: Error[] }> {
  const uploadDirectory = await mkdtemp(path.join(folder, "app-"));
  const { app, live, errors } = createApp(routes, { uploadDirectory });
  after(() => live.close());
  return { page: await visit(app, at), uploadDirectory, errors };
}

const rows = (page: Page): string[] =>
  [...page.render().matchAll(/<li>(.*?)<\/li>/g)].map(([, text = ""]) => text);

const file = (name: string, content: string | Uint8Array, type = "") =>
  new File([content as BlobPart], name, { type });

describe("a form with files, posted without JavaScript", () => {
  it("is handled as over the connection, and its page can be joined", async () => {
    const { page, uploadDirectory } = await open();
    const files = [file("a.txt", "hello", "text/plain"), file("really-a-png.txt", png)];
    await page.form("#f", { note: "ä & [b]", files }).submit();
    assert.equal(page.status, 200);
    assert.equal(
      page.element("output").text,
      "complete a.txt; complete really-a-png.txt; " +
        `saved a.txt text/plain 5 5, really-a-png.txt image/png ${png.length} ${png.length} note ä & [b]; ` +
        "sent; task",
    );
    assert.equal(page.element("i").text, "hook save");
    assert.deepEqual(rows(page), []);
    await noneLeft(() => filesIn(uploadDirectory));
    await page.connect();
    assert.equal(page.element("output").text, "");
  });

  it("shows errors on the entries of refused files", async () => {
    const { page, uploadDirectory } = await open();
    await page
      .form("#f", {
        files: [
          file("large.txt", "x".repeat(100_001)),
          file("page.html", "<p>", "text/html"),
          file("fake.png", "text", "image/png"),
          file('fo/ol"d\ner.txt', "ok"),
          file("empty.txt", ""),
          file("third.txt", ""),
        ],
        away: file("away", "content"),
      })
      .submit();
    assert.equal(page.status, 422);
    assert.match(
      page.element("output").text,
      /saved ol"der.txt text\/plain 2 2, empty.txt .* 0 0 note/,
    );
    assert.deepEqual(rows(page), [
      "large.txt too-large",
      "page.html not-accepted",
      "fake.png not-accepted",
      "third.txt too-many-files",
      "away failed",
    ]);
    await noneLeft(() => filesIn(uploadDirectory));
  });

  for (const [event, to] of [
    ["leave", "/other"],
    ["patch", "/?patched=1"],
  ]) {
    it(`is answered with a redirect if the event "${event}" navigates`, async () => {
      const { page } = await open();
      await page.form("#f").submit({ unchecked: { _event: event } });
      assert.deepEqual(page.redirects, [{ status: 303, from: "/", to }]);
      assert.equal(page.element("i").text, event === "leave" ? "Saved." : "hook patch");
    });
  }

  it("is answered with the error of its handler", async () => {
    const { page, uploadDirectory, errors } = await open();
    const form = page.form("#f", { files: [file("a.txt", "a")] });
    await assert.rejects(form.submit({ unchecked: { _event: "crash" } }), /as intended/);
    assert.equal(errors.length, 1);
    await noneLeft(() => filesIn(uploadDirectory));
  });
});

describe("the request of a form with files", () => {
  /** Starts a server and loads its page, whose form is posted in different ways. */
  async function start(t: Parameters<typeof startServer>[0], setup: ServerSetup = {}) {
    const uploadDirectory = await mkdtemp(path.join(folder, "server-"));
    const router = new LiveRouter();
    routes(router);
    const server = await startServer(t, router, { uploadDirectory, ...setup });
    const visitor = new Visitor(server);
    const { csrfToken } = await visitor.load("/");
    const post = async (fields: readonly [string, string | File][], at = "/") => {
      const body = new FormData();
      for (const [name, value] of fields) body.append(name, value);
      const headers = { cookie: visitor.cookie };
      return fetch(server.origin + at, { method: "POST", body, headers, redirect: "manual" });
    };
    return { server, visitor, csrfToken, post, files: () => filesIn(uploadDirectory) };
  }

  /** Sends the beginning of a form by hand. Its file has not ended yet. */
  function begin(server: LiveServer, visitor: Visitor, csrfToken: string, more = "") {
    const socket = connect(server.port, "127.0.0.1");
    const part = (name: string, content: string) =>
      `--X\r\nContent-Disposition: form-data; name=${name}\r\n\r\n${content}`;
    socket.write(
      `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ${visitor.cookie}\r\nTransfer-Encoding: chunked\r\n` +
        "Content-Type: multipart/form-data; boundary=X\r\n\r\n",
    );
    const send = (text: string) =>
      socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
    send(part('"_csrf_token"', csrfToken.slice(0, 5)));
    setImmediate(() => {
      send(`${csrfToken.slice(5)}\r\n`);
      send(part('"files"; filename="a.txt"', `begin${more}`));
    });
    return { socket, send };
  }

  it("needs a CSRF token of its session as the first field, even behind csrf()", async (t) => {
    for (const before of [[], [csrf()]]) {
      const { csrfToken, post, server, files } = await start(t, { before });
      const content = file("a.txt", "a");
      const other = await new Visitor(server).load("/");
      for (const fields of [
        [["files", content]],
        [
          ["_csrf_token", other.csrfToken],
          ["files", content],
        ],
        [
          ["files", content],
          ["_csrf_token", csrfToken],
        ],
        [
          ["x".repeat(5000), ""],
          ["_csrf_token", csrfToken],
        ],
      ] as const) {
        assert.equal((await post(fields as never)).status, 403);
      }
      assert.deepEqual(await files(), []);
      const { status } = await post([
        ["_csrf_token", csrfToken],
        ["files", content],
      ]);
      assert.equal(status, 200);
    }
  });

  it("needs an allowed origin in an app without sessions", async (t) => {
    const { server } = await start(t, { sessions: false });
    const send = (origin: string) => {
      const body = new FormData();
      body.append("_event", "save");
      return fetch(server.origin, { method: "POST", body, headers: { origin } });
    };
    assert.equal((await send("https://evil.test")).status, 403);
    assert.equal((await send(server.origin)).status, 200);
  });

  it("is not read if a hook redirects, and is left to the app if the view has no uploads", async (t) => {
    const { csrfToken, post, files } = await start(t);
    const fields: [string, string | File][] = [
      ["_csrf_token", csrfToken],
      ["files", file("a.txt", "x".repeat(90_000))],
    ];
    const denied = await post(fields, "/?denied=1");
    assert.deepEqual([denied.status, denied.headers.get("location")], [303, "/other"]);
    assert.equal((await post(fields, "/other")).status, 404);
    assert.deepEqual(await files(), []);
  });

  it("is refused if it is incomplete, or if its fields are too large", async (t) => {
    const { server, visitor, csrfToken, post, files } = await start(t);
    const long = "x".repeat(40_000);
    const tooLarge = await post([
      ["_csrf_token", csrfToken],
      ["a", long],
      ["b", long],
    ]);
    assert.equal(tooLarge.status, 413);
    const many = Array.from({ length: 1001 }, (): [string, string] => ["a", ""]);
    assert.equal((await post([["_csrf_token", csrfToken], ...many])).status, 413);
    const { socket } = begin(server, visitor, csrfToken);
    await until(async () => (await files()).length > 0);
    socket.write("0\r\n\r\n");
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1.1 400 /);
    await noneLeft(files);
    assert.deepEqual(server.errors.map(({ message }) => message).slice(2), [
      "the form is incomplete",
    ]);
  });

  it("leaves its connection to the next request, even if it is answered before it has been read", async (t) => {
    const { visitor, csrfToken } = await start(t);
    const field = (name: string, content: string) =>
      `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
    const long = `${field("a", "x".repeat(1_000_000))}--X--\r\n`;
    const token = field("_csrf_token", csrfToken);
    const headers = { "content-type": "multipart/form-data; boundary=X" };
    for (const [at, body, status] of [
      ["/", long, 403],
      ["/", token + long, 413],
      ["/?denied=1", token + long, 303],
    ] as const) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const posted = await visitor.fetch(at, { method: "POST", body, headers, agent });
      assert.equal(posted.status, status);
      assert.equal((await visitor.fetch("/other", { agent })).status, 200);
      agent.destroy();
    }
  });

  it("leaves no file if the browser ends it, and aborts its tasks", async (t) => {
    const { server, visitor, csrfToken, files } = await start(t);
    const last = "--X\r\nContent-Disposition: form-data; name=_event\r\n\r\nforever\r\n--X--\r\n";
    for (const isComplete of [false, true]) {
      const { socket, send } = begin(server, visitor, csrfToken);
      await until(async () => (await files()).length > 0);
      if (isComplete) {
        send(`\r\n${last}`);
        socket.write("0\r\n\r\n");
        await until(() => isRunningForever);
      }
      socket.destroy();
      await noneLeft(files);
    }
    // Koa reports the end of the connection too.
    const messages = server.errors.map(({ message }) => message);
    assert.equal(messages.filter((message) => message === "the browser has left").length, 2);
  });

  it("is limited to the disk space of its visitor", async (t) => {
    const { csrfToken, post, files } = await start(t, { limits: { uploadVisitorBytes: 20_000 } });
    const fields = (size: number): [string, string | File][] => [
      ["_csrf_token", csrfToken],
      ["files", file("a.txt", "x".repeat(size))],
      ["_event", "save"],
    ];
    const full = await post(fields(17_000));
    assert.equal(full.status, 422);
    assert.match(await full.text(), /a.txt no-space/);
    assert.equal((await post(fields(30_000))).status, 413);
    assert.equal((await post(fields(10_000))).status, 200);
    await noneLeft(files);
  });
});
