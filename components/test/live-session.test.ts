import "../src/index.js";
import { expect } from "chai";
import { html } from "lit";
import { encode, serverHtml } from "./support/encode.js";
import { fakeServer, restoreWebSocket } from "./support/fake-server.js";
import { until } from "./support/live-fixture.js";

describe("<live-session>", () => {
  afterEach(() => {
    document.querySelector("live-session")?.remove();
    restoreWebSocket();
  });

  it("joins and hydrates", async () => {
    const server = fakeServer();
    const page = encode(html`<p>Hello <b class=${"x"}>${"World"}</b></p><ul>${[html`<li>${1}</li>`]}</ul>`);
    server.onJoin = () => ({ ok: { ...page, provided: { a: 1 }, flash: {} } });
    const div = document.createElement("div");
    div.innerHTML = `<live-session id="view" token="t" csrf-token="c">${serverHtml(page)}</live-session>`;
    const b = div.querySelector("b")!;
    const li = div.querySelector("li")!;
    document.body.append(div);
    const session = div.querySelector("live-session")!;
    await until(() => session.status === "connected");
    expect(server.sockets[0]!.url).to.match(/^ws:\/\/.*\/live\/websocket\?_csrf_token=c&vsn=2\.0\.0$/);
    expect(div.querySelector("b")).to.equal(b);
    expect(div.querySelector("li")).to.equal(li);
    expect(li.isConnected).to.equal(true);
    server.push("diff", { diff: { "1": "Moon", "0": "y", "2.0.0": 2 } });
    await until(() => b.textContent === "Moon");
    expect(li.textContent).to.equal("2");
    expect(session.getAttribute("status")).to.equal("connected");
    expect(b.className).to.equal("y");
    div.remove();
  });
});
