import { expect } from "chai";
import { html } from "lit";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage } from "../../support/live-page.js";

describe("the announcement that the server restarts", () => {
  before(async () => {
    // The client loads this module too; the test waits for it.
    await joinPage();
    await import("../../../src/client/connection/supervise-connection.js");
    await closePages();
  });

  const phoenix = { joinRef: null, ref: null, topic: "phoenix", event: "", payload: {} };
  const view = html`<button live-click="one">1</button><button live-click="two">2</button>`;

  /** Opens a page, which clicks a button, and whose server then announces its restart. */
  async function open(clicked?: string) {
    const { server, session } = await joinPage({ view });
    const click = (event: string) =>
      session.querySelector<HTMLElement>(`[live-click=${event}]`)?.click();
    if (clicked) click(clicked);
    server.push("restart", {}, phoenix);
    await settled();
    return { server, session, click, socket: server.sockets[0]! };
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve));

  it("makes the page use another socket", async () => {
    const { server, session, socket } = await open();
    expect(socket.readyState).to.equal(3);
    await until(() => session.status === "connected" && server.sockets.length === 2);
    expect(server.of("phx_join")).to.have.length(2);
  });

  it("has this effect when all events are answered, including those that are sent meanwhile", async () => {
    const { server, click, socket } = await open("one");
    expect(socket.readyState).to.equal(1);
    click("two");
    const [first, second] = server.of("event");
    server.reply(first!, {});
    await settled();
    expect(socket.readyState).to.equal(1);
    server.reply(second!, {});
    await settled();
    expect(socket.readyState).to.equal(3);
  });

  it("has no effect on a later socket", async () => {
    const { server, session, socket } = await open("one");
    socket.end(1012);
    await until(() => session.status === "connected" && server.sockets.length === 2);
    await settled();
    expect(server.sockets[1]!.readyState).to.equal(1);
  });
});
