import { expect } from "chai";
import { html } from "lit";
import { type LiveNotification, LiveNotificationsElement } from "../src/live-notifications.js";
import { violations } from "./support/accessibility.js";
import { sendKeys } from "./support/commands.js";
import { type LiveFixture, liveFixture, until } from "./support/live-fixture.js";
import { withReducedMotion } from "./support/reduced-motion.js";

const notifications: LiveNotification[] = ["three", "two", "one"].map((id) => ({
  id,
  title: `Title ${id}`,
  description: `Text ${id}`,
}));

const shadowOf = ({ wrapper }: LiveFixture): ShadowRoot =>
  (wrapper.querySelector("live-notifications") as LiveNotificationsElement)
    .shadowRoot as ShadowRoot;

const itemsIn = (root: ShadowRoot): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>(".notification-item"),
];

const idsIn = (root: ShadowRoot): string =>
  itemsIn(root)
    .map(({ id }) => id)
    .join(" ");

const closeButton = (root: ShadowRoot, id: string): HTMLElement =>
  root.querySelector<HTMLElement>(`#notification-${id} [part=close]`) as HTMLElement;

const closeAllButton = (root: ShadowRoot): HTMLElement | null =>
  root.querySelector("[part=close-all]");

/** Creates a fixture that shows notifications. */
async function shown(
  provided = notifications,
): Promise<{ fixture: LiveFixture; root: ShadowRoot }> {
  const fixture = liveFixture(html`<live-notifications></live-notifications>`, {
    notifications: provided,
  });
  const root = await until(() => shadowOf(fixture));
  await until(() => itemsIn(root).length === provided.length);
  return { fixture, root };
}

describe("<live-notifications>", () => {
  it("shows its own texts in another language", async () => {
    const texts = { close: "Schließen", closeAll: "Alle schließen" };
    const fixture = liveFixture(html`<live-notifications .texts=${texts}></live-notifications>`, {
      notifications,
    });
    const root = await until(() => shadowOf(fixture));
    const all = await until(() => closeAllButton(root));
    expect(all.textContent).to.equal("Alle schließen");
    expect(closeButton(root, "one").getAttribute("aria-label")).to.equal("Schließen");
  });

  it("shows the notifications that the view provides, in the same order", async () => {
    const { root } = await shown();
    expect(idsIn(root)).to.equal("notification-three notification-two notification-one");
    expect(root.querySelector("#notification-two [part=title]")?.textContent).to.equal("Title two");
    expect(root.querySelector("#notification-two [part=text]")?.textContent).to.equal("Text two");
    expect(closeButton(root, "two").ariaLabel).to.equal("Close");
  });

  it("prefers its `items` property to the notifications that the view provides", async () => {
    const fixture = liveFixture(
      html`<live-notifications .items=${[{ id: "own", title: "Own" }]}></live-notifications>`,
      { notifications },
    );
    await until(() => idsIn(shadowOf(fixture)) === "notification-own");
    fixture.provide({ notifications: [] });
    await until(() => shadowOf(fixture).activeElement === null);
    expect(idsIn(shadowOf(fixture))).to.equal("notification-own");
  });

  it("shows markup as text", async () => {
    const { root } = await shown([{ id: "x", title: "<b>bold</b>", description: "<i>a</i>" }]);
    expect(root.querySelector("[part=title]")?.textContent).to.equal("<b>bold</b>");
    expect(root.querySelector("b, i")).to.equal(null);
  });

  it("keeps the elements of the items that stay", async () => {
    const { fixture, root } = await shown();
    const one = root.getElementById("notification-one");
    fixture.provide({ notifications: [{ id: "four", title: "Four" }, ...notifications] });
    await until(() => root.getElementById("notification-four"));
    expect(root.getElementById("notification-one")).to.equal(one);
  });

  it("has an assertive live region before the first notification arrives", async () => {
    const fixture = liveFixture(html`<live-notifications></live-notifications>`);
    const region = await until(() => shadowOf(fixture).querySelector("[aria-live=assertive]"));
    fixture.provide({ notifications });
    await until(() => region.querySelector("#notification-one"));
  });

  it("does not block clicks next to the items", async () => {
    const { fixture, root } = await shown();
    const host = fixture.wrapper.querySelector("live-notifications") as HTMLElement;
    const { left, bottom } = host.getBoundingClientRect();
    expect(document.elementFromPoint(left + 2, bottom - 2)).not.to.equal(host);
    const item = (root.getElementById("notification-one") as HTMLElement).getBoundingClientRect();
    expect(document.elementFromPoint(item.left + 20, item.top + 20)).to.equal(host);
  });

  it("pushes an event to close an item, and hides the item", async () => {
    const { fixture, root } = await shown();
    closeButton(root, "two").click();
    await until(() => idsIn(root) === "notification-three notification-one");
    expect(fixture.pushes).to.deep.equal([["notifications:close", { id: "two" }]]);
  });

  it("pushes an event to close all items, and hides them", async () => {
    const { fixture, root } = await shown();
    closeAllButton(root)?.click();
    await until(() => idsIn(root) === "");
    expect(fixture.pushes).to.deep.equal([["notifications:close-all", undefined]]);
    expect(closeAllButton(root)).to.equal(null);
  });

  it("centers the label of the button that closes all", async () => {
    const { root } = await shown();
    const { paddingLeft, paddingRight } = getComputedStyle(closeAllButton(root) as HTMLElement);
    expect(paddingLeft).to.equal(paddingRight);
  });

  it("shows the button that closes all only if there is more than one item", async () => {
    const { fixture, root } = await shown(notifications.slice(0, 1));
    expect(closeAllButton(root)).to.equal(null);
    fixture.provide({ notifications });
    await until(() => closeAllButton(root));
    fixture.provide({ notifications: notifications.slice(1, 2) });
    await until(() => closeAllButton(root) === null);
  });

  it("shows an item again when the push fails", async () => {
    const { fixture, root } = await shown();
    fixture.refusePushes();
    closeButton(root, "two").click();
    await until(() => fixture.pushes.length === 1);
    await until(() => root.querySelector("#notification-two:not([inert])"));
    expect(idsIn(root)).to.equal("notification-three notification-two notification-one");
  });

  it("shows an item again that the view keeps", async () => {
    const { fixture, root } = await shown();
    closeButton(root, "two").click();
    await until(() => idsIn(root) === "notification-three notification-one");
    fixture.answerPushes();
    await until(() => root.querySelector("#notification-two:not([inert])"));
  });

  it("keeps an item hidden that a second click closes when the first push fails", async () => {
    const { fixture, root } = await shown();
    const button = closeButton(root, "two");
    button.click();
    fixture.refusePushes();
    button.click();
    await until(
      () => fixture.pushes.length === 2 && idsIn(root) === "notification-three notification-one",
    );
  });

  it("shows an item that the view provides again after it was closed", async () => {
    const { fixture, root } = await shown();
    closeButton(root, "two").click();
    fixture.provide({ notifications: [] });
    await until(() => idsIn(root) === "");
    fixture.provide({ notifications });
    await until(() => root.querySelector("#notification-two:not([inert])"));
  });

  it("keeps a closed item in its place until its animation has ended", async () => {
    const { fixture, root } = await shown();
    fixture.provide({ notifications: notifications.filter(({ id }) => id !== "two") });
    const leaving = await until(() => root.querySelector("#notification-two[inert]"));
    expect(idsIn(root)).to.equal("notification-three notification-two notification-one");
    expect(leaving.getAnimations()).to.have.lengthOf(1);
    await until(() => idsIn(root) === "notification-three notification-one");
  });

  it("removes an item at once if the user prefers reduced motion", async () => {
    await withReducedMotion(LiveNotificationsElement.elementStyles, async () => {
      const { root } = await shown();
      expect(root.getElementById("notification-two")?.getAnimations()).to.deep.equal([]);
      closeButton(root, "two").click();
      await until(() => idsIn(root) === "notification-three notification-one");
    });
  });

  it("moves the focus to the next close button, or to the previous one after the last item", async () => {
    const { root } = await shown();
    closeButton(root, "two").focus();
    await sendKeys({ press: "Enter" });
    await until(() => root.activeElement === closeButton(root, "one"));
    await sendKeys({ press: " " });
    await until(() => root.activeElement === closeButton(root, "three"));
  });

  it("reaches every button with the keyboard", async () => {
    const { root } = await shown();
    const reached: (Element | null)[] = [];
    (document.activeElement as HTMLElement).blur();
    closeAllButton(root)?.focus();
    for (const _ of notifications) {
      await sendKeys({ press: "Tab" });
      reached.push(root.activeElement);
    }
    expect(reached).to.deep.equal(notifications.map(({ id }) => closeButton(root, id)));
  });

  it("hides closed items outside of a live session", async () => {
    const element = document.createElement("live-notifications");
    element.items = notifications;
    document.body.append(element);
    const root = await until(() => element.shadowRoot);
    await until(() => itemsIn(root).length === 3);
    closeButton(root, "one").click();
    await until(() => itemsIn(root).length === 2);
    element.remove();
  });

  it("is accessible in light and dark", async () => {
    const { fixture } = await shown();
    expect(await violations(fixture.wrapper)).to.deep.equal([]);
  });
});
