import { type Browser, chromium } from "playwright-core";

/** Starts the browser at `CHROME_PATH`, one that Playwright has installed, or Chrome; null if there is none. */
export async function openBrowser(): Promise<Browser | null> {
  const { CHROME_PATH: executablePath } = process.env;
  if (executablePath) return chromium.launch({ executablePath });
  for (const options of [{}, { channel: "chrome" }, { channel: "msedge" }]) {
    try {
      return await chromium.launch(options);
    } catch {
      // This browser is not installed.
    }
  }
  return null;
}
