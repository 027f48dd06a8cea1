import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { describeElement } from "../html/page-html.js";
import { isCheckable, isMultiple, typeOf } from "./control-type.js";
import { checkedValue, enteredText, offeredValues } from "./field-value.js";

/** A value that a test fills into a form: a string, a choice, a file, or a list for several fields of one name. */
export type FormValue = string | number | boolean | File | readonly string[] | readonly File[];

/** Values by field name. */
export type FormValues = Readonly<Record<string, FormValue>>;

const isList = (value: FormValue): value is readonly string[] | readonly File[] =>
  Array.isArray(value);

function toList(value: FormValue): readonly (string | File)[] {
  if (isList(value)) return value;
  return [value instanceof File ? value : String(value)];
}

/** Checks filled-in values. @throws AssertionError for a value that fields of one name cannot have */
export function checkFilled(name: string, fields: readonly Element[], value: FormValue): void {
  checkKind(name, fields, value);
  checkChoice(name, fields, value);
}

const isFlag = (field: Element, value: FormValue): value is boolean =>
  typeof value === "boolean" && typeOf(field) === "checkbox";

/** @throws AssertionError for a file in another field, or another value in a field for files */
function checkKind(name: string, [field]: readonly Element[], value: FormValue): void {
  const isFileField = field !== undefined && typeOf(field) === "file";
  const isFile = toList(value).every((one) => one instanceof File);
  if (isFileField === isFile || toList(value).length === 0) return;
  throw failure(`the field "${name}" ${isFileField ? "requires a File" : "is not for files"}`, {
    got: isFile ? "a File" : JSON.stringify(value),
    candidates: field ? [describeElement(field)] : [],
  });
}

/** @throws AssertionError for a value that fields of one name do not offer, or for too many values */
function checkChoice(name: string, fields: readonly Element[], value: FormValue): void {
  const [first] = fields as [Element];
  if (isFlag(first, value)) return;
  const list = toList(value);
  const choices = choicesOf(fields);
  for (const one of choices ? list : []) {
    if (choices?.includes(String(one))) continue;
    const what = first.name === "select" ? "option" : `${typeOf(first)} button`;
    throw failure(`the field "${name}" has no ${what} with the value ${JSON.stringify(one)}`, {
      candidates: choices?.map((choice) => JSON.stringify(choice)) ?? [],
    });
  }
  const capacity = capacityOf(fields);
  if (list.length <= capacity) return;
  throw failure(
    `the field "${name}" accepts ${capacity === 1 ? "one value" : `${capacity} values`}`,
    {
      got: list.map((one) => JSON.stringify(one)).join(", "),
      candidates: fields.map(describeElement),
    },
  );
}

/** Returns the values that fields of one name may have; `undefined` if they may have any value. */
function choicesOf(fields: readonly Element[]): readonly string[] | undefined {
  if (fields.every(({ name }) => name === "select")) return fields.flatMap(offeredValues);
  const boxes = fields.filter(isCheckable);
  return boxes.length > 0 ? boxes.map(checkedValue) : undefined;
}

/** Returns how many values fields of one name accept. */
function capacityOf(fields: readonly Element[]): number {
  if (fields.some(acceptsSeveral)) return Infinity;
  return fields.some((field) => typeOf(field) === "radio") ? 1 : fields.length;
}

const acceptsSeveral = (field: Element): boolean =>
  typeOf(field) === "checkbox" ||
  isMultiple(field) ||
  (typeOf(field) === "file" && "multiple" in field.attribs);

/**
 * Returns the values that a field sends when a test has filled it in; `undefined` if it keeps its own.
 *
 * @param at the number of fields with the same name before it
 */
export function filled(
  field: Element,
  value: FormValue,
  at: number,
): readonly (string | File)[] | undefined {
  const list = toList(value);
  if (isCheckable(field)) {
    const isOn = isFlag(field, value) ? value : list.includes(checkedValue(field));
    return isOn ? [checkedValue(field)] : [];
  }
  return isMultiple(field) || acceptsSeveral(field)
    ? chosen(field, list)
    : entered(field, isList(value) ? list[at] : list[0]);
}

/** Returns the chosen options of a select, or the chosen files of a field. */
function chosen(
  field: Element,
  list: readonly (string | File)[],
): readonly (string | File)[] | undefined {
  if (isMultiple(field)) return offeredValues(field).filter((one) => list.includes(one));
  return list.length > 0 ? list : undefined;
}

function entered(
  field: Element,
  one: string | File | undefined,
): readonly (string | File)[] | undefined {
  if (one === undefined) return undefined;
  if (one instanceof File) return [one];
  return [field.name === "select" ? one : enteredText(field, one)];
}
