import type { Context } from "koa";

declare module "../live/page-context.js" {
  interface PageContext extends Context {}
}
