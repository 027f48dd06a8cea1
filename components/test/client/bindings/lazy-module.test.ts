import { expect } from "chai";
import { useLazyModule } from "../../../src/client/bindings/lazy-module.js";
import type { LiveErrorEvent } from "../../../src/index.js";

describe("useLazyModule", () => {
  it("uses a module when it is loaded", async () => {
    const used = await new Promise((resolve) =>
      useLazyModule(new EventTarget(), Promise.resolve("module"), resolve),
    );
    expect(used).to.equal("module");
  });

  it("reports a module that cannot be loaded, and does not use it", async () => {
    const session = new EventTarget();
    const missing: string = "data:text/javascript,throw 1";
    let isUsed = false;
    const error = await new Promise<LiveErrorEvent>((resolve) => {
      session.addEventListener("live-error", (e) => resolve(e as LiveErrorEvent));
      useLazyModule(session, import(missing), () => {
        isUsed = true;
      });
    });
    expect(error).to.include({
      code: "LIVE_ERR_LAZY_MODULE",
      message: "a module of the client could not be loaded",
    });
    expect(isUsed).to.equal(false);
  });
});
