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

const RESERVED = ["id", "inserted_at", "updated_at"];

/**
 * Returns the field that an argument describes.
 *
 * @throws GenerateError when the name or the type is not valid.
 */
export function toField(argument: string): Field {
  const [given = "", typeName = "string", ...args] = argument.split(":");
  if (!/^[a-z][a-z0-9_]*$/.test(given) || RESERVED.includes(given)) {
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
  const label = name.prose.replace(/ id$/, "");
  return { ...type, name, args, label: `${label.charAt(0).toUpperCase()}${label.slice(1)}` };
}
