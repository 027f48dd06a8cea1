import { GenerateError } from "../generate-error.js";
import { type Name, toName } from "../source/names.js";
import { type FieldType, fieldTypes } from "./field-types.js";

/** A field of a schema: `price:decimal`. */
export interface Field extends FieldType {
  readonly name: Name;
  /** `Sold at` */
  readonly label: string;
  /** What follows the type: the values of an enum, or the table that is referenced. */
  readonly args: readonly string[];
}

const RESERVED = ["id", "inserted_at", "updated_at", "constructor"];

/** Returns the field that an argument describes. */
function toField(argument: string): Field {
  const [given = "", typeName = "string", ...args] = argument.split(":");
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(given) || RESERVED.includes(given)) {
    throw new GenerateError(
      `the name of a field is not valid\nExpected: a name such as sold_at, and not ${RESERVED.join(", ")}\nGot: ${argument}`,
    );
  }
  const name = toName(given);
  const type = fieldTypes[typeName];
  if (!type) {
    throw new GenerateError(
      `the type of the field ${given} does not exist\nExpected: ${Object.keys(fieldTypes).join(", ")}\nGot: ${typeName}`,
    );
  }
  if (type.needs !== undefined && args.length === 0) {
    throw new GenerateError(`the field ${given} lacks ${type.needs}\nGot: ${argument}`);
  }
  const wrong = args.find((value, index) => !isValue(value) || args.indexOf(value) !== index);
  if (wrong !== undefined) {
    throw new GenerateError(
      `the field ${given} has a value that is not valid, or is given twice\nExpected: letters, digits, spaces, _ and -\nGot: ${wrong}`,
    );
  }
  const label = name.prose.replace(/ id$/, "");
  return { ...type, name, args, label: `${label.charAt(0).toUpperCase()}${label.slice(1)}` };
}

/**
 * Returns the fields that arguments describe.
 *
 * @throws GenerateError when there are no fields, one is not valid, or two have the same name.
 */
export function toFields(given: readonly string[]): readonly [Field, ...Field[]] {
  const [first, ...others] = given.map(toField);
  if (!first)
    throw new GenerateError(
      "there are no fields\nExpected: fields such as name:string price:decimal",
    );
  const names = [first, ...others].map(({ name }) => name.camel);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new GenerateError(`two fields have the same name: ${twice}`);
  return [first, ...others];
}

/** Whether a value of an enum, or the name of a table, needs no escapes in code and in attributes. */
function isValue(value: string): boolean {
  return /^[\p{L}\d_][\p{L}\d _-]*$/u.test(value);
}

/** Whether a field is the id of a row of another table. */
export function isReference({ validator }: Field): boolean {
  return validator === "reference";
}
