import { esbuildPlugin } from "@web/dev-server-esbuild";
import { chromeLauncher, defaultReporter } from "@web/test-runner";

// Chromium is the one of CHROME_PATH, which `npm test` sets, or the installed one.
const noSandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

export default {
  files: ["components/test/**/*.test.ts", "!components/test/protocol/**", "!components/test/ssr/**"],
  nodeResolve: { exportConditions: ["source"] },
  plugins: [esbuildPlugin({ ts: true, target: "es2022", tsconfig: "tsconfig.base.json" })],
  // One page at a time: a page in the background has no focus and slow timers.
  concurrency: 1,
  browsers: [
    chromeLauncher({
      launchOptions: {
        args: [
          ...noSandbox,
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
        ],
      },
    }),
  ],
  staticLogging: true,
  reporters: [defaultReporter({ reportTestProgress: false })],
  testFramework: { config: { ui: "bdd", timeout: 5000 } },
  testsFinishTimeout: 60_000,
};
