import { chromium } from "playwright-core";
import { findChromiums } from "../scripts/chromium.js";

/**
 * Loads a live page in Chromium several times.
 *
 * @returns the milliseconds in which the page handles the join reply, from parsing it until the page is hydrated; the
 *   median of the loads
 */
export async function hydrationTime(url: string): Promise<number> {
  const browser = await chromium.launch({
    executablePath: findChromiums().desktop,
    args: ["--no-sandbox"],
  });
  const page = await browser.newPage();
  await page.addInitScript(measureMessages);
  const times: number[] = [];
  for (let load = 0; load < 7; load++) {
    await page.goto(url);
    await page.waitForSelector("live-session[status=connected]");
    times.push(await page.evaluate(() => Math.max(...(globalThis as MeasuredPage).handled)));
  }
  await browser.close();
  return times.sort((a, b) => a - b)[3] as number;
}

type MeasuredPage = typeof globalThis & { handled: number[] };

/** Runs in the page: measures how long each message of a WebSocket is handled, with the microtasks that it starts. */
function measureMessages(): void {
  const handled: number[] = [];
  Object.assign(globalThis, { handled });
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(this: WebSocket, listener: (e: MessageEvent) => void) {
      this.addEventListener("message", (e) => {
        const start = performance.now();
        setTimeout(() => handled.push(performance.now() - start));
        listener.call(this, e);
      });
    },
  });
}
