/** What arrives of a value that JSON carries: a `Date` as text, no functions. */
export type Jsonified<Value> = Value extends { toJSON(): infer Json }
  ? Jsonified<Json>
  : Value extends string | number | boolean | null
    ? Value
    : Value extends (...given: never) => unknown
      ? never
      : Value extends readonly unknown[]
        ? { readonly [Index in keyof Value]: Jsonified<Value[Index]> }
        : Value extends object
          ? {
              readonly [Key in keyof Value as Value[Key] extends
                | ((...given: never) => unknown)
                | symbol
                ? never
                : Key]: Jsonified<Value[Key]>;
            }
          : Value;
