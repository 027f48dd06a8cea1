import { cont, createLive, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import type { LiveSessionHandle } from "@live-session/components/context.js";
import { encodeMessage } from "@live-session/components/protocol";
import Koa from "koa";
import { html } from "lit";

const greet = onMount("greet", () => cont({ greeting: "Hello" }));
const greetingLive = liveView("GreetingLive", {
  types: {} as { needs: { greeting: string } },
  render: ({ greeting }) => html`<p>${greeting}</p>`,
});
const router = new LiveRouter();
router.liveSession("public", { onMount: [greet] }).live("/", greetingLive);
// @ts-expect-error without the hook the greeting is not provided
router.liveSession("silent").live("/silent", greetingLive);

const app = new Koa();
app.use(createLive(router, { secret: "only for a test, in 32 characters" }).middleware());
export const page = visit(app, "/");
export const frame = ({ status }: LiveSessionHandle) =>
  encodeMessage([null, null, "t", status, {}]);
