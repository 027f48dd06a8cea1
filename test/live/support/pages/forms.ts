import { js } from "@live-session/adapter-koa";
import { html, nothing } from "lit";
import { definePage, type Payload } from "./page.js";

type Fields = Readonly<Record<string, string>>;

const wizard = definePage<{ step: number; fields: Fields; isSent: boolean }>("wizard", {
  start: { step: 1, fields: {}, isSent: false },
  events: {
    change: ({ fields }, payload) => ({ fields: { ...fields, ...named(payload) } }),
    next: ({ step, fields }, payload) => ({
      step: step + 1,
      fields: { ...fields, ...named(payload) },
      isSent: step === 3,
    }),
    back: ({ step }) => ({ step: step - 1 }),
  },
  render: ({ step, fields, isSent }) => html`
    <h1>${isSent ? "Done" : `Step ${step}`}</h1>
    ${
      isSent
        ? nothing
        : html`<form live-change="change" live-submit="next">
      ${
        [
          html`<input name="name" aria-label="Name" .value=${fields.name ?? ""} autofocus>`,
          html`<select name="plan" aria-label="Plan" .value=${fields.plan ?? ""}><option value="" disabled>Choose</option><option>small</option><option>large</option></select>
            <input name="seats" aria-label="Seats" type="number" .value=${fields.seats ?? "1"}>`,
          html`<label><input type="checkbox" name="terms" value="yes" .checked=${fields.terms === "yes"}> Terms</label>`,
        ][step - 1]
      }
      <button type="button" live-click="back" ?hidden=${step === 1}>Back</button><button>Next</button></form>`
    }`,
  async use(page, agree) {
    await page.getByLabel("Name").click();
    await page.keyboard.type("Ada", { delay: 10 });
    await page.keyboard.press("Enter");
    await agree();
    await page.getByLabel("Plan").selectOption("large");
    await page.getByLabel("Seats").fill("12");
    await page.getByRole("button", { name: "Back" }).click();
    await agree();
    await page.getByLabel("Name").press("End");
    await page.getByLabel("Name").pressSequentially(" L", { delay: 10 });
    await page.keyboard.press("Enter");
    await agree();
    await page.getByRole("button", { name: "Next" }).click();
    await agree();
    await page.getByLabel("Terms").click();
    await page.getByRole("button", { name: "Next" }).click();
    await agree();
  },
  result: { isSent: true, fields: { name: "Ada L", plan: "large", seats: "12", terms: "yes" } },
});

/** The fields of a form without the marks. */
function named(payload: Payload): Fields {
  return Object.fromEntries(
    Object.entries(payload).filter(([name]) => !name.startsWith("_")),
  ) as Fields;
}

const account = definePage<{ email: string; code: string; error: string; saves: number }>(
  "account",
  {
    start: { email: "", code: "", error: "", saves: 0 },
    events: {
      change: (_, { email, code, ...rest }) => ({
        email: email.trim().toLowerCase(),
        code: code.toUpperCase(),
        error: "_unused_email" in rest || email.includes("@") ? "" : "must have an @",
      }),
      save: ({ saves }, { email, code }) => ({
        saves: saves + 1,
        email: email.trim().toLowerCase(),
        code: code.toUpperCase(),
        error: email.includes("@") ? "" : "must have an @",
      }),
    },
    render: ({
      email,
      code,
      error,
      saves,
    }) => html`<form live-change="change" live-submit="save" novalidate>
      <input name="email" aria-label="Email" .value=${email} aria-invalid=${error ? "true" : nothing}><p>${error}</p>
      <input name="code" aria-label="Code" .value=${code} live-debounce="blur">
      <button live-disable-with="Saving">Save</button></form><p>${saves} saved</p>`,
    async use(page, agree) {
      await page.getByLabel("Code").click();
      await page.keyboard.type("abc", { delay: 10 });
      await page.keyboard.press("Tab");
      await page.getByLabel("Email").click();
      await page.keyboard.type(" Ada", { delay: 15 });
      await page.keyboard.press("Enter");
      await agree();
      await page.keyboard.press("End");
      await page.keyboard.type("@X.org ", { delay: 15 });
      await page.getByRole("button", { name: "Save" }).click();
      await agree();
    },
    result: { email: "ada@x.org", code: "ABC", error: "", saves: 2 },
  },
);

const invoice = definePage<{ items: readonly string[] }>("invoice", {
  start: { items: ["tea"] },
  events: {
    change: (_, { items = [], drop = [] }) => ({
      items: Object.entries(items as Fields)
        .filter(([at]) => !at.startsWith("_") && !drop.includes(at))
        .map(([, item]) => item),
    }),
  },
  render: ({ items }) => html`<form live-change="change">
      ${items.map(
        (item, at) => html`<p><input name="items[${at}]" aria-label="Item ${at}" .value=${item}>
          <button type="button" name="drop[]" value=${at} live-click=${js.dispatch("change")}>Remove ${at}</button></p>`,
      )}
      <button type="button" name="items[${items.length}]" value="" live-click=${js.dispatch("change")}>Add</button></form>
    <p>${items.join(", ")}</p>`,
  async use(page, agree) {
    await page.getByRole("button", { name: "Add" }).click();
    await agree();
    await page.getByLabel("Item 1").pressSequentially("milk", { delay: 15 });
    await page.getByRole("button", { name: "Add" }).click();
    await agree();
    await page.getByLabel("Item 2").pressSequentially("jam", { delay: 15 });
    await page.getByRole("button", { name: "Remove 0" }).click();
    await agree();
    await page.getByLabel("Item 0").press("End");
    await page.keyboard.type("s");
    await agree();
  },
  result: { items: ["milks", "jam"] },
});

const cities: Readonly<Record<string, readonly string[]>> = {
  France: ["Lyon", "Paris"],
  Spain: ["Bilbao", "Madrid", "Seville"],
};

const places = definePage<{ country: string; city: string }>("places", {
  start: { country: "France", city: "Lyon" },
  events: {
    change: ({ country: before }, { country, city }) => ({
      country,
      city: country === before ? city : (cities[country]?.[0] ?? ""),
    }),
  },
  render: ({ country, city }) => html`<form live-change="change">
      <select name="country" aria-label="Country" .value=${country}>${Object.keys(cities).map((each) => html`<option>${each}</option>`)}</select>
      <select name="city" aria-label="City" .value=${city}>${cities[country]?.map((each) => html`<option>${each}</option>`)}</select></form>
    <p>${city}, ${country}</p>`,
  async use(page, agree) {
    await page.getByLabel("City").selectOption("Paris");
    await agree();
    await page.getByLabel("Country").selectOption("Spain");
    await agree();
    await page.getByLabel("City").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await agree();
  },
  result: { country: "Spain", city: "Seville" },
});

const settings = definePage<{
  size: string;
  volume: string;
  colour: string;
  all: boolean;
  on: readonly string[];
}>("settings", {
  start: { size: "m", volume: "50", colour: "#ff0000", all: false, on: [] },
  events: {
    change: (_, { size, volume, colour, on = [] }) => ({
      size,
      volume,
      colour,
      on,
      all: on.length === 3,
    }),
    all: ({ all }) => ({ all: !all, on: all ? [] : ["a", "b", "c"] }),
    reset: () => ({ size: "m", volume: "50", colour: "#ff0000", all: false, on: [] }),
  },
  render: ({ size, volume, colour, all, on }) => html`
      <form live-change="change">
        ${["s", "m", "l"].map((each) => html`<label><input type="radio" name="size" value=${each} .checked=${size === each}> Size ${each}</label>`)}
        <input type="range" name="volume" aria-label="Volume" .value=${volume}> <input type="color" name="colour" .value=${colour}>
        ${["a", "b", "c"].map((each) => html`<label><input type="checkbox" name="on[]" value=${each} .checked=${on.includes(each)}> On ${each}</label>`)}
      </form>
      <label><input type="checkbox" .checked=${all} live-click="all"> All</label>
      <button type="button" live-click="reset">Reset</button><p>${size} ${volume} ${on.length}</p>`,
  async use(page, agree) {
    await page.getByLabel("Size l").click();
    await page.getByLabel("Volume").focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await page.getByLabel("On b").click();
    await agree();
    await page.getByLabel("All").click();
    await agree();
    await page.getByRole("button", { name: "Reset" }).click();
    await agree();
    await page.getByLabel("Size m").focus();
    await page.keyboard.press("ArrowLeft");
    await page.getByLabel("On a").click();
    await page.getByLabel("On c").click();
    await agree();
  },
  result: { size: "s", volume: "50", all: false, on: ["a", "c"] },
});

const search = definePage<{ query: string; at: number; chosen: string }>("search", {
  start: { query: "", at: 0, chosen: "" },
  events: {
    query: (_, { query }) => ({ query, at: 0 }),
    key: ({ query, at }, { key }) => {
      const found = suggestions(query);
      if (key === "ArrowDown") return { at: Math.min(at + 1, found.length - 1) };
      return key === "Enter" ? { chosen: found[at] ?? "", query: "", at: 0 } : {};
    },
    choose: (_, { name }) => ({ chosen: name, query: "", at: 0 }),
  },
  render: ({ query, at, chosen }) => html`
    <form live-change="query" live-submit="key"><input name="query" role="combobox" aria-label="Search" autocomplete="off" .value=${query}
      live-keydown="key"></form>
    <ul>${suggestions(query).map((each, i) => html`<li aria-current=${i === at ? "true" : "false"}><button type="button" live-click="choose" live-value-name=${each}>${each}</button></li>`)}</ul>
    <p>${chosen}</p>`,
  async use(page, agree) {
    await page.getByLabel("Search").click();
    await page.keyboard.type("be", { delay: 20 });
    await agree();
    await page.keyboard.press("ArrowDown");
    await agree();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("ch", { delay: 20 });
    await agree();
    await page.getByRole("button", { name: "cherry" }).click();
    await agree();
  },
  result: { chosen: "cherry", query: "" },
});

const suggestions = (query: string): readonly string[] =>
  query ? ["beet", "bean", "cherry", "chives"].filter((each) => each.startsWith(query)) : [];

/** Pages with forms. */
export const formPages = [wizard, account, invoice, places, settings, search];
