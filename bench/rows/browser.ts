import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { findChromiums } from "../../scripts/chromium.js";
import { quantile, toComparison } from "../load/pair.js";
import { MeasuredServer } from "../servers/measured-server.js";
import type { Steps } from "./browser-lit.js";
import type { Figure } from "./figures.js";
import { patchCount } from "./patch-count.js";

/** How often the page is loaded. */
const loads = 9;

type MeasuredPage = typeof globalThis & {
  /** How long each message of a WebSocket was handled. */
  readonly handled: number[];
  /** Clicks the button of an event and returns the milliseconds in which the page handled the reply. */
  readonly timeOfClick: (event: string) => Promise<number>;
  readonly measureLit: () => Promise<Steps>;
};

/** Measures the page of 1,000 rows in Chromium, relative to what Lit alone takes for the same in the same page. */
export async function browserFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const browser = await chromium.launch({
    executablePath: findChromiums().desktop,
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage();
  await page.addInitScript({ content: await scriptOf("./browser-messages.ts") });
  const script = await scriptOf("./browser-lit.ts");
  const samples: [ours: Steps, bare: Steps][] = [];
  for (let load = -1; load < loads; load++) {
    await page.goto(`http://127.0.0.1:${live.port}/list`);
    await page.waitForSelector("live-session[status=connected]");
    const ours = await measureOurs(page);
    await page.addScriptTag({ content: script });
    const bare = await page.evaluate(() => (globalThis as MeasuredPage).measureLit());
    if (load >= 0) samples.push([ours, bare]); // the first load warms the browser up
  }
  await browser.close();
  await live.stop();
  const names: Record<keyof Steps, string> = {
    takeOver: "in Chromium: take over a page of 1,000 rows, to Lit alone",
    patch: "… change one row",
    replace: "… replace all rows",
  };
  return (Object.keys(names) as (keyof Steps)[]).map((step) => {
    const pairs = samples.map(([ours, bare]) => [ours[step], bare[step]] as const);
    return atMost(names[step], pairs, 1.5);
  });
}

function atMost(
  name: string,
  pairs: readonly (readonly [ours: number, bare: number])[],
  target: number,
): Figure {
  const { ours, bare, ratio, spread } = toComparison(pairs);
  const value = 1 / ratio;
  return {
    name,
    value,
    measured: `${value.toFixed(2)} × (${ours.toFixed(1)} ms against ${bare.toFixed(1)} ms)`,
    spread,
    target: `≤ ${target} ×`,
    liveView: "",
    met: value <= target,
  };
}

/** Measures how long the page handles the reply to its join, and the replies to events. */
async function measureOurs(page: Page): Promise<Steps> {
  const click = (event: string) =>
    page.evaluate((name) => (globalThis as MeasuredPage).timeOfClick(name), event);
  return {
    takeOver: await page.evaluate(() => Math.max(...(globalThis as MeasuredPage).handled)),
    patch: await medianOfPatches(() => click("cell")),
    replace: await click("replace"),
  };
}

async function medianOfPatches(patch: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < patchCount; i++) times.push(await patch());
  return quantile(times, 0.5);
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
