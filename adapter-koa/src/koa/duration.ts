import { LiveError, quote } from "../live/live-error.js";

/** A duration: a number of milliseconds, or a string such as `"500ms"`, `"30s"` or `"2m"`. */
export type Duration = number | `${number}ms` | `${number}s` | `${number}m`;

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Returns a duration in milliseconds. @throws LiveError `LIVE_ERR_OPTION` naming the option */
export function toMilliseconds(duration: Duration, option: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(String(duration)) ?? [];
  const ms = typeof duration === "number" ? duration : Number(amount) * (units[unit] ?? Number.NaN);
  if (ms >= 0 && ms < 2 ** 31) return ms;
  throw new LiveError("LIVE_ERR_OPTION", `the option "${option}" is invalid`, {
    expected: 'milliseconds, or a duration such as "30s"',
    gotText: quote(duration),
  });
}
