/** How the generated code treats the fields of one type. */
export interface FieldType {
  /** The type of the property. */
  readonly property: (args: readonly string[]) => string;
  /** The type of the column, as the database returns it. */
  readonly column: string;
  /** The function of `field-types.ts` that validates the field. */
  readonly validator: string;
  /** The arguments of the validator. */
  readonly validatorArgs?: (args: readonly string[]) => string;
  /** The definition of the column, after `table.`. */
  readonly define: (column: string) => string;
  /** Turns the column into the property. */
  readonly fromColumn: (value: string) => string;
  /** Turns the property into the text of the form. */
  readonly toText: (value: string) => string;
  /** The options of the control, besides its name. */
  readonly control: (args: readonly string[]) => string;
  /** Two valid texts. */
  readonly samples: (args: readonly string[]) => readonly [string, string];
  /** Whether an empty field is an error. */
  readonly isRequired: boolean;
  /** The text that must follow the type. */
  readonly needs?: string;
}

const same = (value: string) => value;
const list = (values: readonly string[]) => values.map((value) => `"${value}"`).join(", ");

/**
 * Returns the control of a number. It is a text field, because number fields drop characters: Chrome turns `1,5` into
 * 15. It has no `inputmode`, because the keyboards for numbers of iPhones lack a minus.
 */
const number = () => 'type: "text"';

const base = {
  fromColumn: same,
  toText: (value: string) => `String(${value})`,
  isRequired: true,
};

/** The types of fields, by the name that the command uses. */
export const fieldTypes: Readonly<Record<string, FieldType>> = {
  string: {
    ...base,
    property: () => "string",
    column: "string",
    validator: "text",
    define: (column) => `string("${column}", 255)`,
    toText: same,
    control: () => 'type: "text"',
    samples: () => ["some text", "another text"],
  },
  text: {
    ...base,
    property: () => "string",
    column: "string",
    validator: "text",
    validatorArgs: () => "10_000",
    define: (column) => `text("${column}")`,
    toText: same,
    control: () => 'type: "textarea"',
    samples: () => ["some text", "another text"],
  },
  integer: {
    ...base,
    property: () => "number",
    column: "number",
    validator: "integer",
    define: (column) => `bigInteger("${column}")`,
    control: number,
    samples: () => ["42", "43"],
  },
  float: {
    ...base,
    property: () => "number",
    column: "number",
    validator: "float",
    define: (column) => `double("${column}")`,
    control: number,
    samples: () => ["4.5", "5.5"],
  },
  decimal: {
    ...base,
    property: () => "string",
    column: "string | number",
    validator: "decimal",
    define: (column) => `decimal("${column}", 14, 4)`,
    fromColumn: (value) => `String(Number(${value}))`,
    toText: same,
    control: number,
    samples: () => ["120.5", "456.7"],
  },
  boolean: {
    ...base,
    property: () => "boolean",
    column: "boolean | number",
    validator: "boolean",
    define: (column) => `boolean("${column}")`,
    fromColumn: (value) => `Boolean(${value})`,
    control: () => 'type: "checkbox"',
    samples: () => ["true", "false"],
    isRequired: false,
  },
  date: {
    ...base,
    property: () => "string",
    column: "string",
    validator: "date",
    define: (column) => `string("${column}", 10)`,
    toText: same,
    control: () => 'type: "date"',
    samples: () => ["2026-11-30", "2026-12-01"],
  },
  datetime: {
    ...base,
    property: () => "Date",
    column: "Date | number",
    validator: "dateTime",
    define: (column) => `datetime("${column}", { precision: 3 })`,
    fromColumn: (value) => `new Date(${value})`,
    toText: (value) => `dateTimeText(${value})`,
    control: () => 'type: "datetime-local"',
    samples: () => ["2026-11-30T12:00", "2026-12-01T13:30"],
  },
  enum: {
    ...base,
    property: (args) => args.map((value) => `"${value}"`).join(" | "),
    column: "string",
    validator: "oneOf",
    validatorArgs: (args) => `[${list(args)}]`,
    define: (column) => `string("${column}", 255)`,
    toText: same,
    control: (args) => `type: "select", options: [${list(args)}]`,
    samples: ([first = "", second = first]) => [first, second],
    needs: "its values, such as status:enum:draft:published",
  },
  references: {
    ...base,
    property: () => "number",
    column: "number",
    validator: "reference",
    define: (column) => `integer("${column}").unsigned()`,
    control: () => 'type: "text", inputmode: "numeric"',
    samples: () => ["1", "1"],
    needs: "its table, such as category_id:references:categories",
  },
};
