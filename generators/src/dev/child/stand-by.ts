import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { SentError } from "../dev-error.js";

/** Imports a module as the app would. */
type ImportFromApp = (specifier: string) => Promise<{ readonly default?: unknown }>;

/** The class of Koa, as far as this module needs it. */
interface KoaClass {
  readonly prototype: { onerror(error: unknown): void };
}

/**
 * Loads the packages of the app, waits until the parent process wants the app to start, and starts it. The app then only
 * has to load its own modules. Sends the errors of the app to the parent.
 */
export async function standBy(importFromApp: ImportFromApp): Promise<void> {
  await Promise.all(packagesOfApp().map((name) => preload(name, importFromApp)));
  process.on("uncaughtException", fail);
  process.once("message", ({ entry, variables }: StartMessage) => {
    Object.assign(process.env, variables);
    // Otherwise the app could not end by itself.
    process.channel?.unref();
    importFromApp(pathToFileURL(entry).href).catch(fail);
  });
  // Without its parent nothing would end this process.
  process.once("disconnect", () => process.exit());
  process.send?.({ type: "ready" });
}

/** The message that starts the app. */
export interface StartMessage {
  readonly entry: string;
  readonly variables: Readonly<Record<string, string>>;
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
    // A package without a main module, or one that only works in the app.
  }
}

/** Sends the errors that Koa writes to standard error. Apps with a listener of their own have no overlay. */
function reportErrorsOf({ prototype }: KoaClass): void {
  const { onerror } = prototype;
  prototype.onerror = function (error) {
    send(error);
    onerror.call(this, error);
  };
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  // Sending is asynchronous.
  process.send?.({ type: "error", error: toSent(error) }, () => process.exit(1));
}

function send(error: unknown): void {
  process.send?.({ type: "error", error: toSent(error) });
}

function toSent(error: unknown): SentError {
  if (!(error instanceof Error)) {
    return { name: "Error", message: String(error), code: null, stack: "" };
  }
  const { name, message, stack = "" } = error;
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return { name, message, code, stack };
}
