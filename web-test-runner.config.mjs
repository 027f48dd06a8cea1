import { esbuildPlugin } from "@web/dev-server-esbuild";
import { chromeLauncher, defaultReporter } from "@web/test-runner";

// `npm test` names the Chromium in CHROME_PATH; without that the launcher looks for an installed one.
const args = ["--disable-gpu", "--disable-quic", "--disable-component-update"];
if (process.getuid?.() === 0) args.push("--no-sandbox");

/**
 * A page for the files of tests, one after the other. Each begins with an empty history: the entries of those
 * before would fill it, and the browser then forgets first what a test adds without a user.
 */
async function createPage({ context }) {
  const page = await context.newPage();
  const devTools = await page.createCDPSession();
  const goto = page.goto.bind(page);
  page.goto = async (...destination) => {
    await devTools.send("Page.resetNavigationHistory");
    return goto(...destination);
  };
  return page;
}

export default {
  files: ["components/test/**/*.test.ts", "!components/test/{protocol,ssr}/**"],
  nodeResolve: { exportConditions: ["@live-session/source"] },
  plugins: [esbuildPlugin({ ts: true, target: "es2022", tsconfig: "tsconfig.base.json" })],
  browsers: [chromeLauncher({ launchOptions: { args }, createPage })],
  // One page at a time: a page in the background has no focus and slow timers.
  concurrency: 1,
  testFramework: { config: { ui: "bdd", timeout: 15_000 } },
  testsFinishTimeout: 120_000,
  browserStartTimeout: 120_000,
  reporters: [defaultReporter({ reportTestProgress: false })],
};
