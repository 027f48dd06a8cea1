import { expect } from "chai";
import { html } from "lit";
import { LiveFlashElement } from "../src/live-flash.js";
import { violations } from "./support/accessibility.js";
import { passTime, resetClock, stopClock, waitsOfTimers } from "./support/clock.js";
import { sendKeys } from "./support/commands.js";
import { type LiveFixture, liveFixture, until } from "./support/live-fixture.js";
import { closePages, joinPage } from "./support/live-page.js";
import { withReducedMotion } from "./support/reduced-motion.js";

const flash = { info: "Saved.", error: "Not sent.", email: "a@example.com" };

const elementIn = ({ wrapper }: LiveFixture): LiveFlashElement =>
  wrapper.querySelector("live-flash") as LiveFlashElement;

const boxesIn = (fixture: LiveFixture): HTMLElement[] => [
  ...(elementIn(fixture).shadowRoot?.querySelectorAll<HTMLElement>("[role=alert]") ?? []),
];

const box = (fixture: LiveFixture, id: string): HTMLElement | undefined =>
  boxesIn(fixture).find((found) => found.id === id);

const idsIn = (fixture: LiveFixture): string =>
  boxesIn(fixture)
    .map(({ id }) => id)
    .join(" ");

const partOf = (fixture: LiveFixture, id: string, part: string): string | null | undefined =>
  box(fixture, id)?.querySelector(`[part=${part}]`)?.textContent;

describe("<live-flash>", () => {
  it("shows the messages of the kinds info and error", async () => {
    const fixture = liveFixture(html`<live-flash .flash=${flash}></live-flash>`);
    await until(() => idsIn(fixture) === "flash-info flash-error");
    expect(partOf(fixture, "flash-info", "title")).to.equal("Success!");
    expect(partOf(fixture, "flash-info", "text")).to.equal("Saved.");
    expect(partOf(fixture, "flash-error", "title")).to.equal("Error!");
    expect(partOf(fixture, "flash-error", "text")).to.equal("Not sent.");
  });

  it("shows its own texts in another language", async () => {
    const fixture = liveFixture(
      html`<live-flash .flash=${flash} texts='{"info":"Erledigt","close":"Schließen"}'></live-flash>`,
    );
    await until(() => partOf(fixture, "flash-info", "title") === "Erledigt");
    expect(partOf(fixture, "flash-error", "title")).to.equal("Error!");
    const close = box(fixture, "flash-info")?.querySelector("[part=close]");
    expect(close?.getAttribute("aria-label")).to.equal("Schließen");
  });

  it("reads its messages from an attribute", async () => {
    const fixture = liveFixture(html`<live-flash flash='{"error":"No."}'></live-flash>`);
    await until(() => partOf(fixture, "flash-error", "text") === "No.");
  });

  it("replaces its messages with the flash that the view provides", async () => {
    const fixture = liveFixture(html`<live-flash .flash=${flash}></live-flash>`);
    await until(() => idsIn(fixture) === "flash-info flash-error");
    fixture.provide({ flash: { info: "From the view." } });
    await until(() => partOf(fixture, "flash-info", "text") === "From the view.");
    await until(() => idsIn(fixture) === "flash-info");
    fixture.provide({ flash: {} });
    await until(() => idsIn(fixture) === "");
  });

  it("reports an event that is too large until a click on the box", async () => {
    const page = await joinPage({
      view: html`<live-flash></live-flash><form live-submit="save"><textarea name="a"></textarea></form>`,
      maxPayload: 500,
    });
    const flashElement = page.session.querySelector("live-flash")!;
    const found = () =>
      flashElement.shadowRoot!.querySelector<HTMLElement>("#flash-error:not([inert])");
    const form = page.session.querySelector("form")!;
    form.querySelector("textarea")!.value = "x".repeat(1000);
    form.requestSubmit();
    expect((await until(found)).textContent).to.include("too long");
    found()!.click();
    await until(() => !found());
    await until(() => page.server.of("event").length === 1);
    expect(page.server.of("event")[0]!.payload.event).to.equal("lv:clear-flash");
    await closePages();
  });

  it("no longer reports it when a later event is answered", async () => {
    const page = await joinPage({
      view: html`<live-flash></live-flash><form live-change="edit"><textarea name="a"></textarea></form>`,
      maxPayload: 500,
    });
    const flashElement = page.session.querySelector("live-flash")!;
    const found = () => flashElement.shadowRoot!.querySelector("#flash-error:not([inert])");
    const type = (text: string): void => {
      const field = page.session.querySelector("textarea")!;
      field.value = text;
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    type("x".repeat(1000));
    await until(found);
    type("short");
    await until(() => page.server.of("event").length === 1);
    expect(found()).to.not.equal(null);
    page.server.reply(page.server.of("event")[0]!, {});
    await until(() => !found());
    await closePages();
  });

  it("shows markup as text", async () => {
    const fixture = liveFixture(html`<live-flash .flash=${{ info: "<b>bold</b>" }}></live-flash>`);
    await until(() => partOf(fixture, "flash-info", "text") === "<b>bold</b>");
  });

  it("clears a kind and hides its box on a click", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash });
    (await until(() => box(fixture, "flash-info"))).click();
    expect(fixture.pushes).to.deep.equal([["lv:clear-flash", { key: "info" }]]);
    await until(() => box(fixture, "flash-info")?.inert);
    await until(() => idsIn(fixture) === "flash-error");
  });

  it("clears a kind once with the close button, even by keyboard, and moves the focus to the next box", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash });
    const closeOf = async (id: string) =>
      (await until(() => box(fixture, id)?.querySelector("button"))) as HTMLElement;
    (await closeOf("flash-info")).focus();
    await sendKeys({ press: "Enter" });
    expect(fixture.pushes).to.deep.equal([["lv:clear-flash", { key: "info" }]]);
    const next = await closeOf("flash-error");
    await until(() => elementIn(fixture).shadowRoot?.activeElement === next);
  });

  it("hides a box without animation if the user prefers reduced motion", async () => {
    await withReducedMotion(LiveFlashElement.elementStyles, async () => {
      const fixture = liveFixture(html`<live-flash></live-flash>`, { flash: { info: "Saved." } });
      const info = await until(() => box(fixture, "flash-info"));
      expect(info.getAnimations()).to.deep.equal([]);
      info.click();
      await until(() => idsIn(fixture) === "");
    });
  });

  it("keeps a box hidden when the push fails", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash });
    fixture.refusePushes();
    (await until(() => box(fixture, "flash-info"))).click();
    await until(() => idsIn(fixture) === "flash-error");
  });

  it("shows a dismissed message again when the view sets it again", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash: { info: "Saved." } });
    (await until(() => box(fixture, "flash-info"))).click();
    fixture.provide({ flash: {} });
    await until(() => idsIn(fixture) === "");
    fixture.provide({ flash: { info: "Saved." } });
    await until(() => box(fixture, "flash-info"));
  });

  it("shows a dismissed message again when the view sets it again before it answers", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash: { info: "Saved." } });
    (await until(() => box(fixture, "flash-info"))).click();
    await until(() => box(fixture, "flash-info")?.inert);
    // The view clears and sets it in one render, so the data always contains it.
    fixture.provide({ flash: { info: "Saved." } });
    await elementIn(fixture).updateComplete;
    expect(box(fixture, "flash-info")?.inert).to.not.equal(false);
    fixture.answerPushes();
    await until(() => box(fixture, "flash-info")?.inert === false);
  });

  it("does not show messages of other kinds", async () => {
    const fixture = liveFixture(
      html`<live-flash flash='{"email":"a@example.com","info":"Seen."}'></live-flash>`,
    );
    await until(() => idsIn(fixture) === "flash-info");
    fixture.provide({ flash: { email: "b@example.com", warning: "Careful.", error: "No." } });
    await until(() => idsIn(fixture) === "flash-error");
    expect(elementIn(fixture).shadowRoot?.textContent).to.not.include("example.com");
  });

  it("shows another message of a kind that was dismissed", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`, { flash: { info: "Saved." } });
    (await until(() => box(fixture, "flash-info"))).click();
    fixture.provide({ flash: { info: "Saved twice." } });
    await until(() => partOf(fixture, "flash-info", "text") === "Saved twice.");
    expect(box(fixture, "flash-info")?.inert).to.equal(false);
  });

  it("is accessible in light and dark", async () => {
    const fixture = liveFixture(html`<live-flash connection-delay="0"></live-flash>`, { flash });
    fixture.setStatus("disconnected");
    await until(() => idsIn(fixture) === "flash-info flash-error disconnected");
    expect(await violations(fixture.wrapper)).to.deep.equal([]);
  });
});

describe("<live-flash> with a connection", () => {
  /** How long each problem lasts before its box is shown, in milliseconds. */
  const delays = { disconnected: 1000, error: 400 };
  /** The waits of the element. Others in the page set timers too, such as the client of an earlier test whose page scrolls. */
  const waits = () =>
    waitsOfTimers().filter((ms) => ms === delays.disconnected || ms === delays.error);

  beforeEach(stopClock);
  afterEach(resetClock);

  it("shows a box after the connection has been lost for the delay, and hides it after the reconnect", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    await elementIn(fixture).updateComplete;
    fixture.setStatus("disconnected");
    await until(() => waits().length === 1);
    expect(waits()).to.deep.equal([delays.disconnected]);
    expect(idsIn(fixture)).to.equal("");
    passTime(delays.disconnected);
    await until(() => idsIn(fixture) === "disconnected");
    expect(partOf(fixture, "disconnected", "title")).to.equal("We can't find the internet");
    expect(partOf(fixture, "disconnected", "text")).to.equal("Attempting to reconnect");
    fixture.setStatus("connecting");
    fixture.setStatus("connected");
    await until(() => idsIn(fixture) === "");
  });

  it("shows no box when the connection is back within the delay", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    fixture.setStatus("disconnected");
    await until(() => waits().length === 1);
    fixture.setStatus("connected");
    await until(() => waits().length === 0);
    expect(idsIn(fixture)).to.equal("");
  });

  it("shows no box while it connects for the first time", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    fixture.setStatus("connecting");
    fixture.provide({ flash: { info: "Seen." } });
    await until(() => idsIn(fixture) === "flash-info");
    expect(waits()).to.deep.equal([]);
  });

  it("keeps the box while it tries to reconnect", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    fixture.setStatus("disconnected");
    await until(() => waits().length === 1);
    passTime(delays.disconnected);
    fixture.setStatus("connecting");
    fixture.provide({ flash: { info: "Seen." } });
    await until(() => idsIn(fixture) === "flash-info disconnected");
    expect(box(fixture, "disconnected")?.inert).to.equal(false);
  });

  it("shows an error box when the view has failed", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    fixture.setStatus("error");
    await until(() => waits().length === 1);
    expect(waits()).to.deep.equal([delays.error]);
    passTime(delays.error);
    await until(() => idsIn(fixture) === "server-error");
    expect(partOf(fixture, "server-error", "title")).to.equal("Something went wrong!");
    expect(partOf(fixture, "server-error", "text")).to.equal("Attempting to reconnect");
    box(fixture, "server-error")?.click();
    expect(fixture.pushes).to.deep.equal([]);
  });

  it("stops its timer when it is removed from the page", async () => {
    const fixture = liveFixture(html`<live-flash></live-flash>`);
    fixture.setStatus("disconnected");
    await until(() => waits().length === 1);
    elementIn(fixture).remove();
    expect(waits()).to.deep.equal([]);
  });
});
