import fc from "fast-check";
import type { Page } from "playwright-core";
import { type Fields, options, textFields } from "./form-live.js";

/** An action in the form. */
type Action =
  | { readonly kind: "type"; readonly field: (typeof textFields)[number]; readonly text: string }
  | { readonly kind: "digit" | "arrow" | "check" | "click" }
  | { readonly kind: "date"; readonly day: number }
  | { readonly kind: "radio" | "select"; readonly option: string }
  | { readonly kind: "many"; readonly chosen: readonly string[] };

const option = fc.constantFrom(...options);

const action: fc.Arbitrary<Action> = fc.oneof(
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

/** A visitor who fills in the form and records its expected content. */
export class Typist {
  readonly #page: Page;
  readonly #actions: Iterator<Action>;
  /** Expected content of the form. */
  readonly expected: Record<string, unknown> = {
    ...Object.fromEntries(textFields.map((field) => [field, ""])),
    number: "0",
    range: "0",
    date: "2026-01-01",
    select: "one",
  };
  /** Number of typed characters. */
  typed = 0;

  constructor(page: Page, seed: number) {
    this.#page = page;
    this.#actions = fc.sample(action, { seed, numRuns: 5000 })[Symbol.iterator]();
  }

  /** Performs the next action, key by key. */
  async act(): Promise<void> {
    const { value, done } = this.#actions.next();
    if (done) throw new Error("no action is left");
    await this.#do(value);
  }

  async #do(action: Action): Promise<void> {
    const page = this.#page;
    const { expected } = this;
    // A browser dispatches no event if a visitor chooses the current value. Playwright would dispatch one.
    if (isDone(action, expected)) return;
    switch (action.kind) {
      case "type":
        await page.locator(`[name=${action.field}]`).click();
        await page.keyboard.press("Control+End");
        for (const key of textOf(action)) {
          await page.keyboard.press(key === " " ? "Space" : key, { delay: 3 });
          this.typed++;
        }
        expected[action.field] += textOf(action);
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
        expected.date = dateOf(action);
        await page.locator("[name=date]").fill(dateOf(action));
        break;
      case "radio":
        await page.locator(`[name=radio][value=${action.option}]`).click();
        expected.radio = action.option;
        break;
      case "select":
        await page.locator("[name=select]").selectOption(action.option);
        expected.select = action.option;
        break;
      case "many":
        await page.locator("[name='many[]']").selectOption(action.chosen);
        if (action.chosen.length > 0) expected.many = action.chosen;
        else delete expected.many;
    }
  }

  /** Returns the content of the form in the browser, as a view receives it. */
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

/** Returns the text that a field keeps: browsers remove spaces at the ends of an e-mail address. */
const textOf = ({ field, text }: Action & { kind: "type" }): string =>
  field === "email" ? text.replaceAll(" ", "") : text;

const dateOf = ({ day }: Action & { kind: "date" }): string => `2026-02-${day}`;

function isDone(action: Action, expected: Fields): boolean {
  if (action.kind === "date") return expected.date === dateOf(action);
  if (action.kind === "select") return expected.select === action.option;
  return action.kind === "many" && `${expected.many ?? ""}` === `${action.chosen}`;
}
