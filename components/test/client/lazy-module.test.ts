import { expect } from "chai";
import { LazyModule } from "../../src/client/lazy-module.js";
import type { LiveErrorEvent } from "../../src/index.js";
import { passTime, resetClock, stopClock } from "../support/clock.js";

describe("LazyModule", () => {
  const fail = () => Promise.reject(new TypeError("Importing a module script failed."));
  afterEach(resetClock);

  it("uses a module when it is loaded", async () => {
    const used: string[] = [];
    const module = new LazyModule(
      new EventTarget(),
      async () => "module",
      (loaded) => {
        used.push(loaded);
      },
    );
    await Promise.all([module.load(), module.load()]);
    await module.load();
    expect(used).to.deep.equal(["module"]);
    expect(module.isMissing).to.equal(false);
  });

  it("reports a module that cannot be loaded once, and does not use it", async () => {
    const session = new EventTarget();
    const errors: LiveErrorEvent[] = [];
    session.addEventListener("live-error", (e) => errors.push(e as LiveErrorEvent));
    let isUsed = false;
    const module = new LazyModule(session, fail, () => {
      isUsed = true;
    });
    stopClock();
    await module.load();
    await module.load();
    expect(errors).to.have.length(1);
    expect(errors[0]).to.include({
      code: "LIVE_ERR_LAZY_MODULE",
      message: "a module of the client could not be loaded",
    });
    expect(isUsed).to.equal(false);
    expect(module.isMissing).to.equal(true);
  });

  it("requests a module again until it arrives, and asks for a reload after three failures", async () => {
    let requests = 0;
    let reloads = 0;
    let used: unknown;
    const request = async () => {
      requests++;
      return requests > 3 ? "module" : fail();
    };
    const module = new LazyModule(
      new EventTarget(),
      request,
      (loaded) => {
        used = loaded;
      },
      () => {
        reloads++;
      },
    );
    stopClock();
    await module.load();
    for (const [i, ms] of [1000, 2000, 4000].entries()) {
      passTime(ms - 1);
      expect(requests).to.equal(i + 1);
      passTime(1);
      await module.load();
      expect(requests).to.equal(i + 2);
    }
    expect([used, reloads, module.isMissing]).to.deep.equal(["module", 1, false]);
  });

  it("requests another URL after a failure that names the URL, because Firefox remembers the failure", async () => {
    const { href } = new URL("../../src/protocol/version.ts", import.meta.url);
    const used: unknown[] = [];
    const module = new LazyModule(
      new EventTarget(),
      () => Promise.reject(new TypeError(`error loading dynamically imported module: ${href}`)),
      (loaded) => used.push(loaded),
    );
    stopClock();
    await module.load();
    await module.load();
    const requests = performance.getEntriesByType("resource").map(({ name }) => name);
    expect(requests.some((url) => url.startsWith(`${href}?retry=`))).to.equal(true);
    expect(used).to.have.length(1);
    expect(used[0]).to.have.property("version");
  });

  it("does not request a module again for an element that has been removed", async () => {
    let requests = 0;
    const request = () => {
      requests++;
      return fail();
    };
    const module = new LazyModule(document.createElement("p"), request, () => {});
    stopClock();
    await module.load();
    passTime(100_000);
    expect(requests).to.equal(1);
  });
});
