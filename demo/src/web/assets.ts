import { fileURLToPath } from "node:url";
import type { Middleware } from "koa";
import mount from "koa-mount";
import serve from "koa-static";

const directory = fileURLToPath(new URL("./assets", import.meta.url));

/** Serves stylesheets and images under `/assets`. */
export const assets = (): Middleware => mount("/assets", serve(directory, { maxage: 60_000 }));
