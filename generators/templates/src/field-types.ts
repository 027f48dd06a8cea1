import { z } from "zod";

const BLANK = "can't be blank";
const WHOLE_NUMBER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL = /^-?\d{1,10}(\.\d{1,4})?$/;

/** The value of a field, whose form `isValid` checks. A blank field has one error only. */
function field(isValid: (value: string) => boolean, message: string) {
  const error = ({ input }: { input?: unknown }) => (input == null ? BLANK : "is invalid");
  return z
    .string({ error })
    .trim()
    .superRefine((value, { addIssue }) => {
      if (value === "") addIssue(BLANK);
      else if (!isValid(value)) addIssue(message);
    });
}

/** A string of at most `limit` characters. */
export const text = (limit = 255) =>
  field((value) => value.length <= limit, `should be at most ${limit} character(s)`);

/** A whole number. */
export const integer = () =>
  field((value) => WHOLE_NUMBER.test(value), "must be a whole number, such as 12").transform(
    Number,
  );

/** A number. It may be inexact: use `decimal` for money. */
export const float = () =>
  field(
    (value) => NUMBER.test(value) && Number.isFinite(Number(value)),
    "must be a number, such as 12.5",
  ).transform(Number);

/** An exact number with at most 4 decimals, as a string. */
export const decimal = () =>
  field((value) => DECIMAL.test(value), "must be a number with at most 4 decimals, such as 12.5");

/** A checkbox. A field that is missing counts as not checked. */
export const boolean = () => z.preprocess((value) => value === "true", z.boolean());

/** A day, as `2026-11-30`. */
export const date = () => field((value) => z.iso.date().safeParse(value).success, "must be a date");

/** A date and a time in UTC, which forms write as `2026-11-30T12:00`. MySQL has no years before 1000. */
export const dateTime = () =>
  field(
    (value) => value >= "1000" && z.iso.datetime({ local: true }).safeParse(value).success,
    "must be a date and a time",
  ).transform((value) => new Date(value.endsWith("Z") ? value : `${value}Z`));

/** Returns a date and a time as forms write them, with seconds unless they are zero. */
export const dateTimeText = (value: Date) => value.toISOString().replace(/(:00)?(\.000)?Z$/, "");

/** One of the values. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  field((value) => values.includes(value), "is invalid").pipe(z.enum(values));

/** The id of a row of another table. */
export const reference = () =>
  field((value) => /^[1-9]\d{0,9}$/.test(value), "must be an id").transform(Number);
