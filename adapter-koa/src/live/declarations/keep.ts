import type { StandardSchemaV1 } from "@standard-schema/spec";
import { LiveError, quote } from "../live-error.js";
import { isReserved } from "../socket/reserved-assigns.js";
import { assertAssignNames } from "./assign-names.js";

/** The assigns that a view keeps, and for how long. */
export interface KeepOptions<Names extends readonly string[] = readonly string[]> {
  /** The names of the assigns. */
  readonly assigns: Names;
  /** Validates the values that a browser returns. If it refuses them, the view starts without them. */
  readonly schema?: StandardSchemaV1;
  /** How old a value may be when the view is joined again, in milliseconds; 1 hour by default. */
  readonly maxAge?: number;
  /** Whether the values also survive a reload of the page, and a tab that the browser has discarded. */
  readonly reload?: boolean;
}

/** The option `keep` of a view with defaults. */
export interface Keep {
  readonly names: readonly string[];
  readonly schema: StandardSchemaV1 | undefined;
  readonly maxAge: number;
  readonly reload: boolean;
}

/** How old a kept value may be by default, in milliseconds. */
export const defaultMaxAge = 60 * 60 * 1000;

/**
 * Checks the option `keep` of a view.
 *
 * @throws LiveError `LIVE_ERR_KEEP`
 */
export function toKeep(option: unknown, view: string): Keep | undefined {
  if (option === undefined) return undefined;
  const isList = Array.isArray(option);
  const options = (isList ? { assigns: option } : Object(option)) as Partial<KeepOptions>;
  const { assigns, schema, maxAge = defaultMaxAge, reload = false, ...others } = options;
  assertKept(assigns, `keep of the live view ${view}`);
  const [unknown] = Object.keys(others);
  const isSchema = schema === undefined || typeof schema["~standard"]?.validate === "function";
  if (unknown !== undefined || !isSchema || !(maxAge > 0) || typeof reload !== "boolean") {
    throw new LiveError("LIVE_ERR_KEEP", `keep of the live view ${view} is invalid`, {
      expected: "a list of names, or { assigns, schema, maxAge, reload }",
      ...(unknown === undefined ? { got: option } : { gotText: quote(unknown) }),
    });
  }
  return { names: assigns, schema, maxAge, reload };
}

/**
 * Checks a list of names of assigns to keep.
 *
 * @throws LiveError `LIVE_ERR_KEEP`
 */
export function assertKept(names: unknown, where: string): asserts names is readonly string[] {
  assertAssignNames(names, where, {
    code: "LIVE_ERR_KEEP",
    expected: 'names such as "draft"',
    isRefused: isReserved,
  });
}
