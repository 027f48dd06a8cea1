import fc from "fast-check";
import type { Page } from "playwright-core";
import { type Fields, options, textFields } from "./form-live.js";

/** What somebody does in the form. */
type Deed =
  | { readonly kind: "type"; readonly field: (typeof textFields)[number]; readonly text: string }
  | { readonly kind: "digit" | "arrow" | "check" | "click" }
  | { readonly kind: "date"; readonly day: number }
  | { readonly kind: "radio" | "select"; readonly option: string }
  | { readonly kind: "many"; readonly chosen: readonly string[] };

const option = fc.constantFrom(...options);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("type" as const),
      field: fc.constantFrom(...textFields),
      text: fc.string({
        unit: fc.constantFrom(..."abcdefghij klmnopqr"),
        minLength: 1,
        maxLength: 8,
      }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("digit", "arrow", "check", "click") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("date" as const),
      day: fc.integer({ min: 10, max: 28 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom("radio" as const, "select" as const), option }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("many" as const), chosen: fc.subarray([...options]) }),
  },
);

/** Somebody who fills in the form, and knows what then has to stand in it. */
export class Typist {
  readonly #page: Page;
  readonly #deeds: Iterator<Deed>;
  /** What the form has to contain. */
  readonly expected: Record<string, unknown> = {
    ...Object.fromEntries(textFields.map((field) => [field, ""])),
    number: "0",
    range: "0",
    date: "2026-01-01",
    select: "one",
  };
  /** How many characters were typed. */
  typed = 0;

  constructor(page: Page, seed: number) {
    this.#page = page;
    this.#deeds = fc.sample(deed, { seed, numRuns: 5000 })[Symbol.iterator]();
  }

  /** Does something, key by key. */
  async act(): Promise<void> {
    const { value, done } = this.#deeds.next();
    if (done) throw new Error("there is nothing left to do");
    await this.#do(value);
  }

  async #do(deed: Deed): Promise<void> {
    const page = this.#page;
    const { expected } = this;
    // A browser tells nothing when somebody chooses what is chosen; Playwright would.
    if (isDone(deed, expected)) return;
    switch (deed.kind) {
      case "type":
        await page.locator(`[name=${deed.field}]`).click();
        await page.keyboard.press("Control+End");
        for (const key of textOf(deed)) {
          await page.keyboard.press(key === " " ? "Space" : key, { delay: 3 });
          this.typed++;
        }
        expected[deed.field] += textOf(deed);
        break;
      case "digit":
        await page.locator("[name=number]").click();
        await page.keyboard.press("ArrowUp");
        expected.number = `${Number(expected.number) + 1}`;
        break;
      case "arrow":
        await page.locator("[name=range]").focus();
        await page.keyboard.press("ArrowRight");
        expected.range = `${Number(expected.range) + 1}`;
        break;
      case "check":
        await page.locator("[name=check]").click();
        if (expected.check) delete expected.check;
        else expected.check = "yes";
        break;
      case "click":
        await page.locator("button").click();
        break;
      case "date":
        expected.date = dateOf(deed);
        await page.locator("[name=date]").fill(dateOf(deed));
        break;
      case "radio":
        await page.locator(`[name=radio][value=${deed.option}]`).click();
        expected.radio = deed.option;
        break;
      case "select":
        await page.locator("[name=select]").selectOption(deed.option);
        expected.select = deed.option;
        break;
      case "many":
        await page.locator("[name='many[]']").selectOption(deed.chosen);
        if (deed.chosen.length > 0) expected.many = deed.chosen;
        else delete expected.many;
    }
  }

  /** What the form contains in the browser, in the form in which a view gets it. */
  contained(): Promise<Fields> {
    return this.#page.evaluate(() => {
      const fields: Record<string, unknown> = {};
      for (const form of document.forms) {
        for (const [name, value] of new FormData(form)) {
          if (name === "many[]")
            fields.many = [...((fields.many as unknown[] | undefined) ?? []), value];
          else fields[name] = value;
        }
      }
      return fields;
    });
  }
}

/** The browser leaves spaces at the ends of an e-mail address out. */
const textOf = ({ field, text }: Deed & { kind: "type" }): string =>
  field === "email" ? text.replaceAll(" ", "") : text;

const dateOf = ({ day }: Deed & { kind: "date" }): string => `2026-02-${day}`;

function isDone(deed: Deed, expected: Fields): boolean {
  if (deed.kind === "date") return expected.date === dateOf(deed);
  if (deed.kind === "select") return expected.select === deed.option;
  return deed.kind === "many" && `${expected.many ?? ""}` === `${deed.chosen}`;
}
