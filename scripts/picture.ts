import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { createSite } from "../demo/src/app.js";
import { readConfig } from "../demo/src/config.js";
import { startSite } from "../demo/src/start-site.js";
import { findChromiums } from "./chromium.js";

/**
 * `npm run picture`: takes the README's screenshot of the demo, `docs/images/demo.png`. Runs the demo on an empty
 * database, registers a user, counts, sends notifications, and captures the home page in Chromium. Run it when the
 * demo looks different, and commit the picture. `npm run picture -- FILE` writes another file.
 */
const file = path.resolve(process.argv[2] ?? "docs/images/demo.png");
const folder = mkdtempSync(path.join(tmpdir(), "picture-"));
const config = readConfig({ PORT: "0", DATABASE_FILE: path.join(folder, "demo.sqlite") });
const site = await startSite(createSite(config, { writeLine: () => {} }), config);
const browser = await chromium.launch({
  executablePath: findChromiums().fast,
  args: ["--no-sandbox"],
});
try {
  const context = await browser.newContext({
    baseURL: site.url,
    viewport: { width: 960, height: 440 },
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const isJoined = () => page.waitForSelector("live-session[status=connected]");

  await page.goto("/users/register");
  await isJoined();
  await page.fill("#registration_form_email", "ada@example.com");
  await page.fill("#registration_form_password", "a password for the picture");
  await page.click("#registration_form button");
  await page.locator("live-flash").getByText("Account created successfully!").waitFor();

  // A second page sends the notifications, and the captured page receives them.
  await isJoined();
  const sender = await context.newPage();
  await sender.goto("/notifications");
  await sender.waitForSelector("live-session[status=connected]");
  for (const count of [1, 2]) {
    await sender.click("main button");
    await page
      .locator("live-notifications [part=item]")
      .nth(count - 1)
      .waitFor();
  }
  await page.bringToFront();
  for (const count of [1, 2, 3]) {
    await page.click("main button");
    await page.getByText(`Current count: ${count}`).waitFor();
  }
  mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
} finally {
  await browser.close();
  await site.stop();
  rmSync(folder, { recursive: true });
}
