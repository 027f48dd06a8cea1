import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { LiveRouter, type LiveView, type Socket } from "@live-session/adapter-koa";
import { type FormValues, visit } from "@live-session/adapter-koa/testing";
import type Koa from "koa";
import { html, nothing } from "lit";
import type { Browser, Locator, Page } from "playwright-core";
import { pageOf } from "../../adapter-koa/test/support/app.js";
import { type LiveServer, openServer } from "../../adapter-koa/test/support/server.js";
import { newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { type Action, controlRows } from "./support/controls.js";

/** What the app received: payloads of events and requests of forms. */
const received: unknown[] = [];

interface ParamsContext {
  readonly params: Readonly<Record<string, unknown>>;
  readonly socket: Socket<Record<string, unknown>>;
}

/** Shows all rows, or the row of the URL. */
const controlsLive = pageOf(
  ({ only }) =>
    html`${controlRows.map(({ content }, at) =>
      only === undefined || only === String(at)
        ? html`<section id="row-${at}">${content}</section>`
        : nothing,
    )}`,
  {
    handleParams: ({ params, socket }: ParamsContext) => socket.assign({ only: params.only }),
    handleEvent: { record: ({ payload }: { payload: unknown }) => void received.push(payload) },
  },
);

/** Records the requests of forms. The browser stays on its page, because the response has no content. */
const recordForms: Koa.Middleware = async (ctx, next) => {
  if (ctx.path !== "/posted") return next();
  received.push([ctx.method, ctx.search, ...(await readForm(ctx.req))]);
  ctx.status = 204;
};

async function readForm(request: Koa.Request["req"]): Promise<unknown[]> {
  const body = Buffer.concat(await request.toArray());
  const [type = ""] = (request.headers["content-type"] ?? "").split(";");
  if (type !== "multipart/form-data") return [type, body.toString()];
  const headers = { "content-type": request.headers["content-type"] ?? "" };
  const fields = await new Response(body, { headers }).formData();
  const entries = [...fields].map(async ([name, value]) =>
    typeof value === "string" ? [name, value] : [name, value.name, value.type, await value.text()],
  );
  return [type, ...(await Promise.all(entries))];
}

describe("the values of controls", () => {
  let browser: Browser;
  let server: LiveServer;
  let page: Page;

  before(async () => {
    browser = await openBrowser();
    const router = new LiveRouter().live("/", controlsLive as LiveView);
    server = await openServer(router, {
      before: [recordForms],
      limits: { eventsPerSecond: 1000 },
    });
    const context = await newContext(browser, server.origin);
    page = await context.newPage();
    await open(page, "/");
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  for (const [at, { title, action }] of controlRows.entries()) {
    it(`are the same in the test kit and in Chromium: ${action.does}, ${title}`, async () => {
      const inBrowser = await lastReceived(() => actInBrowser(page.locator(`#row-${at}`), action));
      const inKit = await lastReceived(() => actInKit(server.app, at, action));
      assert.deepEqual(inKit, inBrowser);
    });
  }
});

/** Runs an action and returns what the app received last, as plain data. */
async function lastReceived(act: () => Promise<unknown>): Promise<unknown> {
  received.length = 0;
  await act();
  await somethingReceived();
  return JSON.parse(JSON.stringify(received.at(-1)));
}

async function somethingReceived(): Promise<void> {
  while (received.length === 0) await setTimeout(2);
}

async function actInKit(app: Koa, at: number, action: Action): Promise<unknown> {
  const row = `#row-${at}`;
  const page = await visit(app, `/?only=${at}`, { checks: { formWithoutId: "ignore" } });
  await page.connect();
  switch (action.does) {
    case "click":
    case "focus":
    case "blur":
      return page.element(`${row} ${action.on}`)[action.does]();
    case "keydown":
    case "keyup":
      return page.element(`${row} ${action.on}`)[action.does](action.key);
    case "change":
      return page.form(`${row} form`, action.values).change();
    case "submit": {
      const submitter = action.by === undefined ? {} : { submitter: `${row} ${action.by}` };
      return page.form(`${row} form`, action.values).submit(submitter);
    }
  }
}

async function actInBrowser(row: Locator, action: Action): Promise<unknown> {
  switch (action.does) {
    case "click":
      return row.locator(action.on).click();
    case "focus":
      return row.locator(action.on).focus();
    case "blur":
      await row.locator(action.on).focus();
      return row.locator(action.on).blur();
    case "keydown":
    case "keyup":
      return row.locator(action.on).press(action.key);
    case "change":
      return fillIn(row, action.values);
    case "submit":
      await fillIn(row, action.values ?? {});
      received.length = 0;
      // Enter presses an image without the coordinates of a mouse.
      return row
        .locator(action.by ?? "form input:not([type=hidden])")
        .first()
        .press("Enter");
  }
}

/** Fills in fields as a user does. */
async function fillIn(row: Locator, values: FormValues): Promise<void> {
  const isLive = (await row.locator("[live-change]").count()) > 0;
  for (const [name, value] of Object.entries(values)) {
    received.length = 0;
    const fields = row.locator(`[name="${name}"]:not([type=hidden])`);
    const kind = await fields.first().evaluate((field) => (field as HTMLInputElement).type);
    await fillInOne(fields, kind, value);
    if (isLive) await somethingReceived();
  }
}

async function fillInOne(
  fields: Locator,
  kind: string,
  value: FormValues[string],
): Promise<unknown> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (kind === "checkbox") return fields.setChecked(value === true);
  if (kind === "radio") return fields.and(fields.page().locator(`[value="${value}"]`)).check();
  if (kind.startsWith("select")) return fields.selectOption(list.map(String));
  if (kind === "file") return fields.setInputFiles(await Promise.all(list.map(toUpload)));
  for (const [at, one] of list.entries()) await fields.nth(at).fill(String(one));
}

const toUpload = async (file: unknown) => {
  const { name, type } = file as File;
  return { name, mimeType: type, buffer: Buffer.from(await (file as File).arrayBuffer()) };
};
