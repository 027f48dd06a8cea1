import { createLive, LiveRouter, liveView } from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";

const counterLive = liveView("CounterLive", {
  mount({ socket }) {
    socket.assign({ count: 0 });
    socket.pageTitle = "Counter";
  },
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
    dec: ({ socket }) => socket.assign({ count: socket.assigns.count - 1 }),
  },
  render: ({ count }) => html`
    <h1>Counter</h1>
    <p>Current count: <strong>${count}</strong></p>
    <button type="button" live-click="dec">Decrement</button>
    <button type="button" live-click="inc">Increment</button>`,
});

const router = new LiveRouter();
router.liveSession("site").live("/", counterLive);

const secret = process.env.SECRET ?? "a development secret of 32 characters";
const app = new Koa({ keys: [secret] });
const live = createLive(router, { secret });

app.use(session(app));
app.use(live.middleware());

const server = live.attach(app.listen(Number(process.env.PORT ?? 4000)));
server.on("listening", () => console.log(`http://localhost:${server.address().port}`));
