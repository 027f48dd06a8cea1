import fc from "fast-check";
import type { Page } from "playwright-core";
import { type Fields, options, pickedFields, textFields } from "./form-live.js";

/** How long each key is pressed, in milliseconds: as a person types fast, and four of them leave the browser time. */
const keyTime = 25;

/** An action in the form. */
type Action =
  | { readonly kind: "type"; readonly field: (typeof textFields)[number]; readonly text: string }
  | { readonly kind: "digit" | "arrow" | "click" | "move" }
  | { readonly kind: "check"; readonly field: "check" | "box" }
  | { readonly kind: "pick"; readonly field: keyof typeof pickedFields; readonly day: number }
  | { readonly kind: "file"; readonly day: number }
  | { readonly kind: "radio"; readonly option: string }
  | { readonly kind: "select"; readonly field: "select" | "list"; readonly option: string }
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
    arbitrary: fc.record({ kind: fc.constantFrom("digit", "arrow", "click", "move") }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("check" as const),
      field: fc.constantFrom("check" as const, "box" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("pick" as const),
      field: fc.constantFrom(...(Object.keys(pickedFields) as (keyof typeof pickedFields)[])),
      day: fc.integer({ min: 10, max: 28 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("file" as const),
      day: fc.integer({ min: 10, max: 28 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("radio" as const), option }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("select" as const),
      field: fc.constantFrom("select" as const, "list" as const),
      option,
    }),
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
    ...pickedFields,
    select: "one",
    list: "one",
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
          await page.keyboard.press(key === " " ? "Space" : key, { delay: keyTime });
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
        await page.locator(`[name=${action.field}]`).click();
        if (expected[action.field]) delete expected[action.field];
        else expected[action.field] = "yes";
        break;
      case "click":
      case "move":
        await page.locator(`#${action.kind}`).click();
        break;
      case "pick":
        expected[action.field] = pickedValue(action);
        await page.locator(`[name=${action.field}]`).fill(pickedValue(action));
        break;
      case "file":
        expected.file = `${action.day}.txt`;
        await page.locator("[name=file]").setInputFiles({
          name: `${action.day}.txt`,
          mimeType: "text/plain",
          buffer: Buffer.from(""),
        });
        break;
      case "radio":
        await page.locator(`[name=radio][value=${action.option}]`).click();
        expected.radio = action.option;
        break;
      case "select":
        await page.locator(`[name=${action.field}]`).selectOption(action.option);
        expected[action.field] = action.option;
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
          else if (typeof value === "string") fields[name] = value;
          else if (value.name) fields[name] = value.name;
        }
      }
      return fields;
    });
  }
}

/** Returns the text that a field keeps: browsers remove spaces at the ends of an e-mail address or a URL. */
const textOf = ({ field, text }: Action & { kind: "type" }): string =>
  field === "email" || field === "url" ? text.replaceAll(" ", "") : text;

function pickedValue({ field, day }: Action & { kind: "pick" }): string {
  const values = {
    date: `2026-02-${day}`,
    time: `12:${day}`,
    month: `20${day}-02`,
    week: `2026-W${day}`,
    local: `2026-02-${day}T12:${day}`,
    color: `#0000${day}`,
  };
  return values[field];
}

function isDone(action: Action, expected: Fields): boolean {
  if (action.kind === "pick") return expected[action.field] === pickedValue(action);
  if (action.kind === "select") return expected[action.field] === action.option;
  return action.kind === "many" && `${expected.many ?? ""}` === `${action.chosen}`;
}
