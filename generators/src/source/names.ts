import { GenerateError } from "../generate-error.js";

/** One name in the styles in which code writes it. */
export interface Name {
  /** `StoreOwner` */
  readonly pascal: string;
  /** `storeOwner` */
  readonly camel: string;
  /** `store_owner` */
  readonly snake: string;
  /** `store-owner` */
  readonly kebab: string;
  /** `store owner` */
  readonly prose: string;
}

/** The names of a context and its schema: `Accounts User users`. */
export interface SchemaNames {
  /** The module that groups the operations: `Accounts`. */
  readonly context: Name;
  /** One row: `User`. */
  readonly singular: Name;
  /** The table: `users`. */
  readonly plural: Name;
}

/** Names that the generated code or the router use for something else, in the style of variables. */
const taken = new Set(
  `assert before changed created database fieldErrors fields form formState html id input it live liveView own params
  payload repeat router row saved socket toFields`.split(/\s+/),
);

const builtIns = new Set(
  `Array Atomics Boolean Date Error Function Intl Iterator Map Math Number Object Promise Proxy Reflect Set String
  Symbol`.split(/\s+/),
);

const reservedWords = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** Names that the code of hooks and their tests uses for something else. */
const takenByHooks = new Set(
  "assert cont eventCount html it liveView onMount page socket view visitView".split(" "),
);

/** Returns a name in all styles, from any of them. */
export function toName(text: string): Name {
  const words = text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[\s_-]+/);
  const pascal = words.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`).join("");
  return {
    pascal,
    camel: `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`,
    snake: words.join("_"),
    kebab: words.join("-"),
    prose: words.join(" "),
  };
}

/**
 * Returns the names of a context and its schema.
 *
 * @throws GenerateError when a name is missing or has the wrong form.
 */
export function toSchemaNames(args: readonly string[]): SchemaNames {
  const [context = "", singular = "", plural = ""] = args;
  check("context", context, /^[A-Z][A-Za-z0-9]*$/, "a name such as Accounts");
  check("schema", singular, /^[A-Z][A-Za-z0-9]*$/, "a name in the singular, such as User");
  check("table", plural, /^[a-z][a-z0-9_]*$/, "a name in the plural, such as users");
  if (plural === toName(singular).snake) {
    throw new GenerateError(`the table and the schema have the same name: ${plural}`);
  }
  const names = { context: toName(context), singular: toName(singular), plural: toName(plural) };
  if (names.context.pascal === names.singular.pascal) {
    throw new GenerateError(`the context and the schema have the same name: ${singular}`);
  }
  checkIsFree("context", names.context);
  checkIsFree("schema", names.singular);
  checkIsFree("table", names.plural);
  return names;
}

/** Checks that a name can be the name of variables, types and functions in the generated code. */
function checkIsFree(what: string, { pascal, camel }: Name): void {
  if (reservedWords.has(camel) || taken.has(camel) || builtIns.has(pascal)) refuse(what, pascal);
}

/**
 * Checks that a name can be the name of a hook's function.
 *
 * @throws GenerateError when the name has another meaning in JavaScript or in the generated code
 */
export function checkHookName({ camel }: Name): void {
  if (reservedWords.has(camel) || takenByHooks.has(camel)) refuse("hook", camel);
}

function refuse(what: string, name: string): never {
  throw new GenerateError(
    `the name of the ${what} has another meaning in JavaScript or in the generated code\nExpected: another name\nGot: ${name}`,
  );
}

function check(what: string, given: string, form: RegExp, expected: string): void {
  if (form.test(given)) return;
  throw new GenerateError(
    `the name of the ${what} is not valid\nExpected: ${expected}\nGot: ${given === "" ? "nothing" : given}`,
  );
}
