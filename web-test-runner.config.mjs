import { esbuildPlugin } from "@web/dev-server-esbuild";
import { chromeLauncher, defaultReporter } from "@web/test-runner";

// `npm test` sets CHROME_PATH to a Chromium. Without it the launcher looks for an installed one.
const args = ["--disable-gpu", "--disable-quic", "--disable-component-update"];
if (process.getuid?.() === 0) args.push("--no-sandbox");

/**
 * Opens the page that runs all test files one after the other. Each file starts with an empty history. Otherwise the
 * history fills up, and Chromium then first removes entries that were added without a user action, as tests do.
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

/**
 * Answers what pages request from a real server while their WebSockets are fakes: forms that they send into a frame,
 * and the check for long polling, which their fake server does not have.
 */
function answerPages(ctx, next) {
  if (ctx.path === "/sink") ctx.body = "";
  else if (ctx.path === "/live/longpoll") ctx.status = 503;
  else return next();
}

export default {
  files: ["components/test/**/*.test.ts", "!components/test/{protocol,ssr}/**"],
  nodeResolve: { exportConditions: ["@live-session/source"] },
  plugins: [esbuildPlugin({ ts: true, target: "es2022", tsconfig: "tsconfig.base.json" })],
  middleware: [answerPages],
  browsers: [chromeLauncher({ launchOptions: { args }, createPage })],
  // One page at a time, because a background page has no focus and slow timers.
  concurrency: 1,
  testFramework: { config: { ui: "bdd", timeout: 15_000 } },
  testsFinishTimeout: 120_000,
  browserStartTimeout: 120_000,
  reporters: [defaultReporter({ reportTestProgress: false })],
};
