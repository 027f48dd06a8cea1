import { expect } from "chai";
import { passTime, stopClock } from "../../support/clock.js";
import { until } from "../../support/live-fixture.js";
import { joinPage, openPage } from "../../support/live-page.js";
import { stopPageLoadsOfTests } from "../../support/page-loads.js";

describe("the connection of a page behind a proxy", () => {
  stopPageLoadsOfTests();

  before(async () => {
    // The first connection loads the module that supervises it.
    const { session } = await joinPage();
    await import("../../../src/client/connection/supervise-connection.js");
    session.remove();
  });

  it("falls back to long polling if an open socket delivers no frame", async () => {
    const { session, server } = openPage();
    server.requestStatus = 204;
    server.onJoin = () => undefined;
    stopClock();
    await until(() => server.of("phx_join").length === 1);
    passTime(3000);
    expect(server.of("heartbeat")).to.have.length(1);
    expect(server.requests).to.deep.equal([]);
    passTime(2000);
    await until(() => sessionStorage.getItem("live-session:long-poll") === "true");
    expect(server.requests).to.have.length(1);
    expect(session.status).to.not.equal("connected");
  });
});
