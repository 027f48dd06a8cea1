import { expect } from "chai";
import { html } from "lit";
import type { LightNavElement, LightNavItem } from "../src/light-nav.js";
import "../src/light-nav.js";
import { violations } from "./support/accessibility.js";
import { liveFixture, until } from "./support/live-fixture.js";

const items: LightNavItem[] = [
  { id: "a", label: "Mount A", navigate: "/mount-a" },
  { id: "b", label: "Sorted", patch: "?sort=up" },
  { id: "c", label: "Elsewhere", href: "https://example.com/" },
  { id: "out", label: "Log out", href: "/users/log_out", method: "delete" },
];

const navIn = ({ wrapper }: { wrapper: HTMLElement }): LightNavElement =>
  wrapper.querySelector("light-nav") as LightNavElement;

const labelsOfActive = (nav: LightNavElement): (string | null)[] =>
  [...(nav.shadowRoot?.querySelectorAll("[aria-current=page]") ?? [])].map(
    ({ textContent }) => textContent,
  );

const linkTo = (nav: LightNavElement, label: string): Element | undefined =>
  [...(nav.shadowRoot?.querySelectorAll("a") ?? [])].find(
    ({ textContent }) => textContent === label,
  );

describe("<light-nav>", () => {
  it("renders links that navigate, patch or load a page", async () => {
    const nav = navIn(liveFixture(html`<light-nav .items=${items}></light-nav>`));
    await nav.updateComplete;
    const attributes = (label: string) => linkTo(nav, label)?.getAttributeNames().sort().join(" ");
    expect(attributes("Mount A")).to.equal("href live-navigate part");
    expect(attributes("Sorted")).to.equal("href live-patch part");
    expect(attributes("Elsewhere")).to.equal("href part");
    expect(linkTo(nav, "Mount A")?.getAttribute("href")).to.equal("/mount-a");
  });

  it("uses the binding prefix of the live session for its links", async () => {
    const nav = navIn(liveFixture(html`<light-nav .items=${items}></light-nav>`, {}, "data-live-"));
    await until(() => linkTo(nav, "Mount A")?.hasAttribute("data-live-navigate"));
    expect(linkTo(nav, "Sorted")?.hasAttribute("data-live-patch")).to.equal(true);
    nav.items = [{ id: "a", label: "Mount A", href: "/mount-a" }];
    await nav.updateComplete;
    expect(linkTo(nav, "Mount A")?.getAttributeNames()).to.deep.equal(["part", "href"]);
  });

  it("exposes a clicked link in the composed path of the event", async () => {
    const fixture = liveFixture(html`<light-nav .items=${items}></light-nav>`);
    const nav = navIn(fixture);
    await nav.updateComplete;
    let path: EventTarget[] = [];
    fixture.wrapper.addEventListener("click", (e) => {
      e.preventDefault();
      path = e.composedPath();
    });
    const link = linkTo(nav, "Mount A") as HTMLElement;
    link.click();
    expect(path).to.include(link);
  });

  it("marks the item that its `active` attribute names", async () => {
    const nav = navIn(liveFixture(html`<light-nav active="b" .items=${items}></light-nav>`));
    await nav.updateComplete;
    expect(labelsOfActive(nav)).to.deep.equal(["Sorted"]);
    nav.active = "c";
    await nav.updateComplete;
    expect(labelsOfActive(nav)).to.deep.equal(["Elsewhere"]);
  });

  it("marks the item that the view provides, and updates the mark", async () => {
    const fixture = liveFixture(html`<light-nav .items=${items}></light-nav>`, { activeNav: "a" });
    const nav = navIn(fixture);
    await until(() => labelsOfActive(nav)[0] === "Mount A");
    fixture.provide({ activeNav: "b" });
    await until(() => labelsOfActive(nav)[0] === "Sorted");
    fixture.provide({ activeNav: null });
    await until(() => labelsOfActive(nav).length === 0);
  });

  it("prefers its `active` attribute to the item that the view provides", async () => {
    const fixture = liveFixture(html`<light-nav .items=${items} active="c"></light-nav>`, {
      activeNav: "a",
    });
    const nav = navIn(fixture);
    fixture.provide({ activeNav: "b" });
    await until(() => nav.shadowRoot?.querySelector<HTMLInputElement>("[name=_csrf_token]")?.value);
    expect(labelsOfActive(nav)).to.deep.equal(["Elsewhere"]);
  });

  it("reads its items from an attribute and shows nothing if the JSON is invalid", async () => {
    const nav = navIn(liveFixture(html`<light-nav items=${JSON.stringify(items)}></light-nav>`));
    await nav.updateComplete;
    expect(linkTo(nav, "Mount A")).to.be.instanceOf(HTMLAnchorElement);
    nav.setAttribute("items", "[");
    await nav.updateComplete;
    expect(nav.shadowRoot?.querySelector("ul")).to.equal(null);
  });

  it("posts a form with the method and the live session's CSRF token", async () => {
    const nav = navIn(liveFixture(html`<light-nav .items=${items}></light-nav>`));
    const form = await until(() => nav.shadowRoot?.querySelector("form"));
    await until(() => new FormData(form).get("_csrf_token") === "token-of-the-session");
    expect(form.method).to.equal("post");
    expect(form.getAttribute("action")).to.equal("/users/log_out");
    expect(new FormData(form).get("_method")).to.equal("delete");
    const submitted = new Promise<Event>((resolve) => form.addEventListener("submit", resolve));
    form.addEventListener("submit", (e) => e.preventDefault());
    form.querySelector("button")?.click();
    await submitted;
  });

  it("prefers the CSRF token of its attribute", async () => {
    const nav = navIn(
      liveFixture(html`<light-nav csrf-token="mine" active="a" .items=${items}></light-nav>`),
    );
    const form = await until(() => nav.shadowRoot?.querySelector("form"));
    expect(new FormData(form).get("_csrf_token")).to.equal("mine");
  });

  it("marks its child links", async () => {
    const fixture = liveFixture(
      html`<light-nav><a data-id="a" href="/a" aria-current="page">A</a><a id="b" href="/b">B</a></light-nav>`,
    );
    const [a, b] = fixture.wrapper.querySelectorAll("a");
    await navIn(fixture).updateComplete;
    expect(a?.getAttribute("aria-current"), "before it is known").to.equal("page");
    fixture.provide({ activeNav: "b" });
    await until(() => b?.getAttribute("aria-current") === "page");
    expect(a?.hasAttribute("aria-current")).to.equal(false);
  });

  it("marks a link that is added later", async () => {
    const nav = navIn(liveFixture(html`<light-nav active="late"></light-nav>`));
    const link = document.createElement("a");
    link.dataset.id = "late";
    nav.append(link);
    await until(() => link.getAttribute("aria-current") === "page");
  });

  it("works outside of a live session", async () => {
    const nav = document.createElement("light-nav");
    nav.items = items;
    document.body.append(nav);
    await until(() => linkTo(nav, "Mount A"));
    nav.remove();
  });

  it("is accessible in light and dark", async () => {
    const fixture = liveFixture(
      html`<light-nav label="Main" active="a" .items=${items}></light-nav
        ><light-nav label="Docs" active="d"><a data-id="d" href="/d">Docs</a></light-nav>`,
    );
    await navIn(fixture).updateComplete;
    expect(await violations(fixture.wrapper)).to.deep.equal([]);
  });
});
