import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { joined, newContext, open, openBrowser } from "../../demo/test/support/site-browser.js";
import { type FormServer, type Received, startFormServer } from "./support/form-live.js";
import { Typist } from "./support/typist.js";

/** Number of visitors of each transport that type at the same time. */
const visitors = 2;
/** How often the connection of each visitor is cut, and how many characters each types at least. `.ci/run` runs all. */
const [cutsOfEach, charactersOfEach] = process.env.TEST_ALL === "1" ? [50, 100] : [10, 50];

describe("a form of all kinds of fields", () => {
  const seed = Number(process.env.TYPING_SEED ?? Math.floor(Math.random() * 2 ** 31));
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser.close());

  const count = visitors * cutsOfEach;
  it(`loses no input while ${count} WebSockets and ${count} long polls are cut (TYPING_SEED=${seed})`, async (t) => {
    const typeAndCut = async (i: number): Promise<void> => {
      const hasSockets = i < visitors;
      const { server, typist, check } = await startTyping(t, browser, seed + i, hasSockets);
      let isCut = false;
      const cutting = cutAgain(server, seed + i, hasSockets).finally(() => {
        isCut = true;
      });
      while (!isCut || typist.typed < charactersOfEach) await typist.act();
      await cutting;
      await server.begun();
      await check();
    };
    await Promise.all(Array.from({ length: 2 * visitors }, (_, i) => typeAndCut(i)));
  });

  it(`loses no input while answers take 300 ms (TYPING_SEED=${seed})`, async (t) => {
    const { page, server, typist, check } = await startTyping(t, browser, seed);
    await page.evaluate(() => document.querySelector("live-session")?.debug.enableLatencySim(300));
    while (typist.typed < 2 * charactersOfEach) await typist.act();
    await check();
    assert.ok(!server.received.some(({ event }) => event === "recover"));
    assert.equal(await page.locator("output").textContent(), typist.expected.text);
  });
});

/** A visitor who fills in the form. */
interface Typing {
  readonly page: Page;
  readonly server: FormServer;
  readonly typist: Typist;
  /** Waits until all input is sent, and checks that browser and view have every value exactly once. */
  check(): Promise<void>;
}

async function startTyping(
  t: TestContext,
  browser: Browser,
  seed: number,
  hasSockets = true,
): Promise<Typing> {
  const server = await startFormServer(hasSockets);
  const context = await newContext(browser, server.url);
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  await context.addInitScript({ path: path.join(import.meta.dirname, "support/page-script.js") });
  // A tab stores that WebSockets have failed.
  if (!hasSockets)
    await context.addInitScript(() => sessionStorage.setItem("live-session:long-poll", "true"));
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await open(page, "/");
  const typist = new Typist(page, seed);
  const check = async (): Promise<void> => {
    // A field sends its delayed input when it loses the focus.
    await page.locator("#click").focus();
    await joined(page);
    assert.deepEqual(sorted(await typist.contained()), sorted(typist.expected));
    assert.deepEqual(
      lastReceived(server),
      sorted({ ...typist.expected, quiet: undefined, file: undefined }),
    );
    assertNoDuplicates(server.received);
    assert.deepEqual(complaints, []);
    assert.deepEqual(server.errors, []);
  };
  return { page, server, typist, check };
}

/** Cuts the connection at random moments. After three resets in a row the page falls back to long polling. */
async function cutAgain(
  server: FormServer,
  seed: number,
  staysWithSockets: boolean,
): Promise<void> {
  const delays = fc.sample(fc.integer({ min: 0, max: 300 }), { seed, numRuns: cutsOfEach });
  for (const [i, ms] of delays.entries()) {
    await server.cut(staysWithSockets && i % 3 === 2 ? "disconnect" : "reset", ms);
  }
}

/** Returns the fields that the view received last. */
function lastReceived({ received }: FormServer): unknown {
  const { payload } = received.findLast(({ event }) => event !== "click") as Received;
  const fields = Object.entries(payload).filter(([name]) => !/^_/.test(name));
  return sorted(Object.fromEntries(fields));
}

/** Checks that each mount recovered its form at most once and that no event was sent twice. */
function assertNoDuplicates(received: readonly Received[]): void {
  const recovered = received.filter(({ event }) => event === "recover").map(({ mount }) => mount);
  assert.deepEqual(recovered, [...new Set(recovered)]);
  const clicks = received
    .filter(({ event }) => event === "click")
    .map(({ payload }) => payload.click);
  assert.deepEqual(clicks, [...new Set(clicks)]);
  const changes = received
    .filter(({ event }) => event === "change")
    .map(({ payload }) => JSON.stringify(payload));
  for (const [i, change] of changes.entries()) assert.notEqual(change, changes[i - 1]);
}

const sorted = (fields: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
