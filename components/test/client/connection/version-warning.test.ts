import { expect } from "chai";
import { version } from "../../../src/protocol/index.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, joinReply, openPage } from "../../support/live-page.js";

describe("a version warning", () => {
  const { warn } = console;
  const warnings: unknown[] = [];
  beforeEach(() => {
    warnings.length = 0;
    console.warn = (text) => warnings.push(text);
  });
  afterEach(async () => {
    console.warn = warn;
    await closePages();
  });

  it("is not logged if the page and the server have the same version", async () => {
    await joinPage();
    await import("../../../src/client/connection/supervise-connection.js");
    await new Promise((resolve) => setTimeout(resolve));
    expect(warnings).to.deep.equal([]);
  });

  it("is logged once if the versions differ", async () => {
    const { session, server } = openPage();
    server.onJoin = () => ({ ok: { ...joinReply("hello").ok, version: "9.9.9" } });
    await until(() => warnings.length === 1);
    server.drop();
    await until(() => server.of("phx_join").length === 2 && session.status === "connected");
    await new Promise((resolve) => setTimeout(resolve));
    expect(warnings).to.deep.equal([
      `@live-session/components is ${version} in this page and 9.9.9 on its server.`,
    ]);
  });
});
