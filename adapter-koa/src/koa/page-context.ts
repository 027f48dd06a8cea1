import type { Context } from "koa";

declare module "../live/declarations/page-context.js" {
  interface PageContext extends Context {}
}
