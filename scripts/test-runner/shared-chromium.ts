import { chromium } from "playwright-core";

/** Environment variable with the WebSocket address of the Chromium that test files share. */
export const sharedChromiumVariable = "SHARED_CHROMIUM";

/** Environment variable with the path of a Chromium that is not the headless shell. */
export const desktopChromiumVariable = "DESKTOP_CHROME_PATH";

/** Arguments of every Chromium that runs tests. Tests need no GPU, and its emulation costs CPU time. */
export const chromiumArgs: readonly string[] = [
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-gpu",
];

/**
 * Starts one Chromium for all test files that need one. Each test file connects to it and gets its own contexts.
 *
 * @returns a function that closes the browser
 */
export async function shareChromium(executablePath: string): Promise<() => Promise<void>> {
  const server = await chromium.launchServer({ executablePath, args: [...chromiumArgs] });
  process.env[sharedChromiumVariable] = server.wsEndpoint();
  return () => server.close();
}
