/** The last year that inputs of browsers accept. */
const maxYear = 275_760;

const match = (pattern: RegExp, value: string): number[] | undefined =>
  pattern.exec(value)?.slice(1).map(Number);

const isYear = (year: number): boolean => year >= 1 && year <= maxYear;

/** Returns the date of a day, even in years before 100. */
function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date;
}

/** Returns whether a string is a date, such as `2024-02-29`. */
export function isDate(value: string): boolean {
  const [year = 0, month = 0, day = 0] = match(/^(\d{4,6})-(\d\d)-(\d\d)$/, value) ?? [];
  return isYear(year) && day > 0 && dateOf(year, month, day).getUTCMonth() === month - 1;
}

/** Returns whether a string is a month, such as `2024-02`. */
export function isMonth(value: string): boolean {
  const [year = 0, month = 0] = match(/^(\d{4,6})-(\d\d)$/, value) ?? [];
  return isYear(year) && month >= 1 && month <= 12;
}

/** Returns whether a string is a week, such as `2024-W09`. */
export function isWeek(value: string): boolean {
  const [year = 0, week = 0] = match(/^(\d{4,6})-W(\d\d)$/, value) ?? [];
  // A year has 53 weeks if it starts or ends with a Thursday.
  const isLong = [dateOf(year, 1, 1), dateOf(year, 12, 31)].some((date) => date.getUTCDay() === 4);
  return isYear(year) && week >= 1 && week <= (isLong ? 53 : 52);
}

/** Returns whether a string is a time, such as `12:30` or `12:30:15.5`. */
export const isTime = (value: string): boolean =>
  /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(value);

/** Returns whether a string is a date and a time, separated by `T` or a space. */
export function isLocalDate(value: string): boolean {
  const [date = "", time = "", ...more] = value.split(/[T ]/);
  return more.length === 0 && isDate(date) && isTime(time);
}
