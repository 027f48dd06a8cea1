import { isDate, isLocalDate, isMonth, isTime, isWeek } from "./date-value.js";

type Attributes = Readonly<Record<string, string>>;

const withoutLineBreaks = (value: string): string => value.replaceAll(/[\r\n]/g, "");
const trimmed = (value: string): string =>
  withoutLineBreaks(value).replaceAll(/^[ \t\f]+|[ \t\f]+$/g, "");
const orEmpty =
  (isValid: (value: string) => boolean) =>
  (value: string): string =>
    isValid(value) ? value : "";

/** By the type of an input: the function that changes values which the input cannot show. */
const sanitizers: Readonly<Record<string, (value: string, attribs: Attributes) => string>> = {
  text: withoutLineBreaks,
  search: withoutLineBreaks,
  tel: withoutLineBreaks,
  password: withoutLineBreaks,
  url: trimmed,
  email: (value, { multiple }) =>
    multiple === undefined ? trimmed(value) : value.split(",").map(trimmed).join(","),
  number: orEmpty((value) => Number.isFinite(toNumber(value))),
  range: toRange,
  color: (value) => {
    const full = value.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
    return /^#[\da-f]{6}$/i.test(full) ? full.toLowerCase() : "#000000";
  },
  date: orEmpty(isDate),
  month: orEmpty(isMonth),
  week: orEmpty(isWeek),
  time: orEmpty(isTime),
  "datetime-local": (value) => (isLocalDate(value) ? normalized(value) : ""),
};

/** Returns the value that an input of a type has when its attribute or the user sets a value. */
export const sanitize = (type: string, value: string, attribs: Attributes): string =>
  sanitizers[type]?.(value, attribs) ?? value;

/** Reads a number as HTML defines it, which excludes `+1`, `1.` and spaces. */
const toNumber = (value = ""): number =>
  /^-?(\d+|\d*\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN;

const orElse = (value: number, other: number): number => (Number.isFinite(value) ? value : other);

/** Returns the value of a range: within its limits, and whole steps from its minimum or else its first value. */
function toRange(value: string, { min, max, step, value: first }: Attributes): string {
  const lowest = orElse(toNumber(min), 0);
  const highest = Math.max(lowest, orElse(toNumber(max), 100));
  const wanted = orElse(toNumber(value), lowest + (highest - lowest) / 2);
  const limited = Math.min(highest, Math.max(lowest, wanted));
  if (step?.toLowerCase() === "any") return String(limited);
  const given = toNumber(step);
  const size = given > 0 ? given : 1;
  const base = orElse(toNumber(min), orElse(toNumber(first), 0));
  // Rounded, because sums of fractions are not exact.
  const stepsTo = (to: number): number => Number(((to - base) / size).toFixed(9));
  const steps = Math.min(Math.round(stepsTo(limited)), Math.floor(stepsTo(highest)));
  return String(Number((base + Math.max(steps, Math.ceil(stepsTo(lowest))) * size).toFixed(9)));
}

/** Writes a local date with `T`, and without seconds that are zero. */
function normalized(value: string): string {
  const [date, time = ""] = value.split(/[T ]/);
  const [, start, seconds = "", fraction = ""] = /^(..:..):?(\d*)\.?(\d*)$/.exec(time) ?? [];
  const digits = fraction.replace(/0+$/, "");
  const rest = digits ? `:${seconds}.${digits}` : Number(seconds) ? `:${seconds}` : "";
  return `${date}T${start}${rest}`;
}
