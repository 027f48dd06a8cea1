import { expect } from "chai";
import { html } from "lit";
import type { JoinPayload } from "../../../src/protocol/index.js";
import { until } from "../../support/live-fixture.js";
import { closePages, joinPage, type LivePage } from "../../support/live-page.js";

const layout = (url: string, { params }: Partial<JoinPayload> = {}) =>
  html`<a id="a" href="/a" live-navigate>A</a><a id="b" href="/b" live-navigate>B</a>
    <a id="patch" href="?page=2" live-patch>Page 2</a>
    <main>${{ x: "keyed", v: [params?._navigations ?? 0, html`<h1>${new URL(url).pathname}</h1><p>${0}</p><button live-click="inc">+</button>`] }}</main>`;

const start = async (attributes = ""): Promise<LivePage> => {
  const page = await joinPage({ view: layout(location.href), joined: layout, attributes });
  // The module that starts transitions adds it.
  await until(() => document.querySelector(".live-announcer"));
  return page;
};

const heading = ({ session }: LivePage): string => session.querySelector("h1")!.textContent!;
const click = ({ session }: LivePage, id: string): void =>
  session.querySelector<HTMLElement>(id)!.click();
const countAt = ({ session }: LivePage): string => session.querySelector("p")!.textContent!;

const { startViewTransition } = document;
const { matchMedia } = window;

/** Delays the start of a transition, as if the browser were still capturing the page. */
class HeldTransition {
  readonly types = new Set<string>();
  readonly ready = Promise.reject(new DOMException("skipped", "AbortError"));
  constructor(readonly update: () => void) {}
}

describe("a view transition", () => {
  let held: HeldTransition[];

  beforeEach(() => {
    held = [];
  });

  afterEach(async () => {
    document.startViewTransition = startViewTransition;
    window.matchMedia = matchMedia;
    document.body.removeAttribute("no-view-transitions");
    await closePages();
  });

  const hold = (): void => {
    document.startViewTransition = ((update: () => void) => {
      const transition = new HeldTransition(update);
      held.push(transition);
      return transition;
    }) as unknown as typeof document.startViewTransition;
  };

  /** Opens a page that will show `/a`. */
  const startHeld = async (): Promise<LivePage> => {
    const page = await start();
    hold();
    click(page, "#a");
    await until(() => held.length === 1);
    return page;
  };

  it("uses the API of the browser", async () => {
    const page = await start();
    const started: ViewTransition[] = [];
    document.startViewTransition = (update) => {
      const transition = startViewTransition.call(document, update);
      started.push(transition);
      return transition;
    };
    click(page, "#a");
    await until(() => started.length === 1);
    await started[0]!.updateCallbackDone;
    expect(heading(page)).to.equal("/a");
  });

  it("shows the view when the browser has captured the page, and has the direction as its type", async () => {
    const page = await startHeld();
    expect(location.pathname).to.equal("/a");
    expect(heading(page)).to.not.equal("/a");
    expect([...held[0]!.types]).to.deep.equal(["forward"]);
    held[0]!.update();
    expect(heading(page)).to.equal("/a");
    history.back();
    await until(() => held.length === 2);
    expect([...held[1]!.types]).to.deep.equal(["backward"]);
    held[1]!.update();
  });

  it("ends when an update arrives, which is applied after the view", async () => {
    const page = await startHeld();
    page.server.push("diff", { diff: { "0.1.1": 1 } });
    page.server.push("diff", { diff: { "0.1.1": 2 } });
    await until(() => countAt(page) === "2");
    expect(heading(page)).to.equal("/a");
    held[0]!.update();
    expect(countAt(page)).to.equal("2");
  });

  it("ends with the next navigation", async () => {
    const page = await startHeld();
    const navigated: string[] = [];
    page.session.addEventListener("live-navigate", ({ href }) =>
      navigated.push(new URL(href).pathname),
    );
    click(page, "#b");
    expect(heading(page)).to.equal("/a");
    await until(() => held.length === 2);
    held[0]!.update();
    held[1]!.update();
    expect(heading(page)).to.equal("/b");
    expect(navigated).to.deep.equal(["/a", "/b"]);
  });

  it("ends when the connection is lost", async () => {
    const page = await startHeld();
    page.server.drop();
    await until(() => page.session.status === "disconnected");
    expect(heading(page)).to.equal("/a");
    held[0]!.update();
    await until(() => page.session.status === "connected");
    expect(page.server.of("phx_join")[2]!.payload.redirect).to.equal(undefined);
  });

  it("ends when the session is removed", async () => {
    const page = await startHeld();
    page.session.remove();
    await until(() => heading(page) === "/a");
    held[0]!.update();
    expect(document.querySelector("live-session")).to.equal(null);
  });

  it("drops clicks on the old page", async () => {
    const page = await startHeld();
    click(page, "button");
    held[0]!.update();
    click(page, "button");
    await until(() => page.server.of("event").length > 0);
    expect(page.server.of("event")).to.have.length(1);
  });

  for (const [what, prepare] of [
    ["where the page wants none", () => document.body.setAttribute("no-view-transitions", "")],
    [
      "where the session wants none",
      (page) => page.session.setAttribute("no-view-transitions", ""),
    ],
    [
      "where the user wants little motion",
      () => {
        window.matchMedia = (query) =>
          ({ matches: query === "(prefers-reduced-motion: reduce)" }) as MediaQueryList;
      },
    ],
    [
      "where the browser has none",
      () => {
        (document as { startViewTransition: unknown }).startViewTransition = undefined;
      },
    ],
  ] as [string, (page: LivePage) => void][]) {
    it(`is skipped ${what}`, async () => {
      const page = await start();
      hold();
      prepare(page);
      click(page, "#a");
      await until(() => heading(page) === "/a");
      expect(held).to.deep.equal([]);
    });
  }

  it("is skipped for patches", async () => {
    const page = await start();
    hold();
    click(page, "#patch");
    page.server.reply(page.server.of("live_patch")[0]!, { diff: { "0.1.1": 9 } });
    await until(() => countAt(page) === "9");
    expect(held).to.deep.equal([]);
  });

  it("is skipped if the browser animates going back itself", async () => {
    const animate = (e: PopStateEvent): void => {
      e.stopImmediatePropagation();
      const { state } = e;
      window.dispatchEvent(new PopStateEvent("popstate", { state, hasUAVisualTransition: true }));
    };
    // Listens before the page does.
    window.addEventListener("popstate", animate, { once: true });
    const page = await start();
    click(page, "#a");
    await until(() => heading(page) === "/a");
    hold();
    history.back();
    await until(() => heading(page) !== "/a");
    expect(held).to.deep.equal([]);
  });
});
