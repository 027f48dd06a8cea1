import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromiums } from "../../scripts/chromium.js";
import { compare, quantile, sampleInRounds } from "../load/rounds.js";
import { MeasuredServer } from "../servers/measured-server.js";
import type { Step } from "./browser-marks.js";
import { atMost, type Figure } from "./figures.js";
import { patchCount } from "./patch-count.js";

/** How many rounds of pages are measured, each of which loads both pages twice. */
const rounds = 7;

type MeasuredPage = typeof globalThis & {
  /** Clicks the button of an event, and waits until the page has handled the reply. */
  readonly clickFor: (step: Step, event: string) => Promise<void>;
  readonly measureLit: () => Promise<void>;
};

/** The CPU milliseconds of each step. */
type Steps = Readonly<Record<Step, number>>;

/**
 * Measures the page of 1,000 rows in Chromium, relative to Lit alone in a page of the same HTML without our client. The CPU time
 * of the page's main thread is compared, because other processes may interrupt the browser.
 */
export async function browserFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const browser = await chromium.launch({
    executablePath: findChromiums().desktop,
    args: ["--no-sandbox"],
  });
  const url = `http://127.0.0.1:${live.port}/list`;
  const ours = await openOurs(browser, url);
  const bare = await openBare(browser, url);
  for (const warmUp of [ours, bare]) await warmUp();
  const [ourSamples = [], bareSamples = []] = await sampleInRounds([ours, bare], rounds);
  await browser.close();
  await live.stop();
  const names: Record<Step, string> = {
    takeOver: "in Chromium: take over a page of 1,000 rows, to Lit alone",
    patch: "… change one row",
    replace: "… replace all rows",
  };
  return (Object.keys(names) as Step[]).map((step) => {
    const costsOf = (samples: typeof ourSamples) =>
      samples.map(([one, other]) => (one[step] + other[step]) / 2);
    return atMost(names[step], compare(costsOf(ourSamples), costsOf(bareSamples)), 1.5, "", "ms");
  });
}

/** Returns a function that measures how long our client handles the reply to its join, and the replies to events. */
async function openOurs(browser: Browser, url: string): Promise<() => Promise<Steps>> {
  const page = await browser.newPage();
  await page.addInitScript({ content: await scriptOf("./browser-messages.ts") });
  const click = (step: Step, event: string) =>
    page.evaluate(([step, event]) => (globalThis as MeasuredPage).clickFor(step, event), [
      step,
      event,
    ] as const);
  return () =>
    measure(page, async () => {
      await page.goto(url);
      await page.waitForSelector("live-session[status=connected]");
      for (let i = 0; i < patchCount; i++) await click("patch", "cell");
      await click("replace", "replace");
    });
}

/** Returns a function that measures Lit alone. */
async function openBare(browser: Browser, url: string): Promise<() => Promise<Steps>> {
  const page = await browser.newPage();
  const html = (await (await fetch(url)).text()).replace(/<script[^>]* src=.*?<\/script>/gs, "");
  const content = await scriptOf("./browser-lit.ts");
  return () =>
    measure(page, async () => {
      await page.goto("about:blank");
      await page.setContent(html);
      await page.addScriptTag({ content });
      await page.evaluate(() => (globalThis as MeasuredPage).measureLit());
    });
}

/** Returns the CPU milliseconds of the steps that a page marks: the sum of several messages, and the median of several changes. */
async function measure(page: Page, run: () => Promise<void>): Promise<Steps> {
  const browser = page.context().browser() as Browser;
  await page.bringToFront(); // Another page draws no frames.
  await browser.startTracing(page, { categories: ["blink.user_timing"] });
  await run();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as Trace;
  const timesOf = (step: Step): number[] => {
    const at = (name: string) => traceEvents.filter((event) => event.name === `${step} ${name}`);
    const ends = at("end");
    return at("start").map(({ tts }, i) => ((ends[i]?.tts ?? Number.NaN) - tts) / 1000);
  };
  const sumOf = (step: Step): number => timesOf(step).reduce((sum, ms) => sum + ms, 0);
  return {
    takeOver: sumOf("takeOver"),
    patch: quantile(timesOf("patch"), 0.5),
    replace: sumOf("replace"),
  };
}

/** What Chromium traces. `tts` is the CPU time of the thread in microseconds. */
interface Trace {
  readonly traceEvents: readonly { readonly name: string; readonly tts: number }[];
}

/** Bundles a file for the page. */
async function scriptOf(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    target: "es2022",
    conditions: ["production"],
  });
  return outputFiles[0]?.text ?? "";
}
