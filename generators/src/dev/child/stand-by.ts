import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { SentError } from "../dev-error.js";
import { type LeftByApp, watchApp } from "./left-by-app.js";
import { registerStartHooks } from "./start-hooks.js";
import { isOwn, withStart } from "./start-url.js";

/** Imports a module as the app would. */
type ImportFromApp = (specifier: string) => Promise<{ readonly default?: unknown }>;

/** The class of Koa, as far as this module needs it. */
interface KoaClass {
  readonly prototype: { onerror(error: unknown): void };
}

/** The message that starts the app. */
export interface StartMessage {
  readonly entry: string;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * A message to the parent process:
 *
 * - `ready`: the process can start the app, for the first time or again after the app has ended
 * - `module`: the app has loaded one of its own modules
 * - `error`: the app has reported an error
 * - `failed`: the app could not start
 */
export type ChildMessage =
  | { readonly type: "ready" }
  | { readonly type: "module"; readonly file: string }
  | { readonly type: "error" | "failed"; readonly error: SentError };

/**
 * Loads the packages of the app, waits until the parent process wants the app to start, and starts it. The app then
 * only has to load its own modules. When the app has ended and nothing keeps the process alive, it can start the app
 * again from the files as they are at that time. Sends the errors of the app to the parent.
 */
export async function standBy(importFromApp: ImportFromApp): Promise<void> {
  await Promise.all(packagesOfApp().map((name) => preload(name, importFromApp)));
  // After the packages, which load in half the time without the hooks and the source maps.
  await preload("tsx", importFromApp);
  process.setSourceMapsEnabled(true);
  registerStartHooks((url) => send({ type: "module", file: fileURLToPath(url) }));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    // Sending is asynchronous.
    process.send?.({ type: "failed", error: toSent(error) }, () => process.exit(1));
  });
  // Without its parent nothing would end this process.
  process.once("disconnect", () => process.exit());
  let starts = 0;
  let left: LeftByApp | undefined;
  process.on("message", ({ entry, variables }: StartMessage) => {
    left = watchApp();
    Object.assign(process.env, variables);
    // Otherwise the app could not end by itself.
    process.channel?.unref();
    importFromApp(withStart(pathToFileURL(entry).href, ++starts)).catch(fail);
  });
  process.on("beforeExit", () => {
    if (!left || left.hasElements || hasCommonJs()) return;
    left.remove();
    left = undefined;
    process.channel?.ref();
    send({ type: "ready" });
  });
  send({ type: "ready" });
}

function packagesOfApp(): string[] {
  const { dependencies = {} } = JSON.parse(readFileSync("package.json", "utf8"));
  return Object.keys(dependencies).filter((name) => name !== "tsx");
}

async function preload(name: string, importFromApp: ImportFromApp): Promise<void> {
  try {
    const module = await importFromApp(name);
    if (name === "koa") reportErrorsOf(module.default as KoaClass);
  } catch {
    // A package without a main module, one that only works in the app, or one that is not installed.
  }
}

/** Whether the app has modules that are loaded with `require`, of which Node keeps only one version. */
function hasCommonJs(): boolean {
  const { cache } = createRequire(import.meta.url);
  return Object.keys(cache).some((file) => isOwn(pathToFileURL(file).href));
}

/** Sends the errors that Koa writes to standard error. Apps with a listener of their own have no overlay. */
function reportErrorsOf({ prototype }: KoaClass): void {
  const { onerror } = prototype;
  prototype.onerror = function (error) {
    send({ type: "error", error: toSent(error) });
    onerror.call(this, error);
  };
}

/** Reports that the app could not be loaded. The process ends, or starts the app again, when nothing keeps it alive. */
function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  send({ type: "failed", error: toSent(error) });
}

function send(message: ChildMessage): void {
  process.send?.(message);
}

function toSent(error: unknown): SentError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), code: null, stack: "" };
  }
  const { name, message, stack = "" } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { name, message, code, stack };
}
