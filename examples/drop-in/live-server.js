import { createLive, LiveRouter, liveView } from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";

const votes = { tea: 0, coffee: 0 };

const pollLive = liveView("PollLive", {
  mount({ socket }) {
    socket.subscribe("votes");
    socket.assign({ votes: { ...votes } });
  },
  handleEvent: {
    vote({ payload, socket }) {
      if (!Object.hasOwn(votes, payload.drink)) return;
      votes[payload.drink]++;
      socket.assign({ votes: { ...votes } });
      socket.broadcast("votes", { ...votes });
    },
  },
  handleInfo({ message, socket }) {
    socket.assign({ votes: message });
  },
  render: ({ votes }) => html`
    <p>Tea or coffee?</p>
    <button type="button" live-click="vote" live-value-drink="tea">Tea: ${votes.tea}</button>
    <button type="button" live-click="vote" live-value-drink="coffee">Coffee: ${votes.coffee}</button>`,
});

/** Creates the app with the live view. It accepts connections from pages of the given origins. */
export function createLiveServer(origins) {
  const secret = process.env.SECRET ?? "a development secret of 32 characters";
  const router = new LiveRouter();
  router.liveSession("public").live("/poll", pollLive);
  const app = new Koa({ keys: [secret] });
  const live = createLive(router, { secret, origins });
  app.use(session(app));
  app.use(live.middleware());
  return { listen: (port) => live.attach(app.listen(port)) };
}
