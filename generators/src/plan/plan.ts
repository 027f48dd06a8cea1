/** The folders that the generators read and write. */
export interface Places {
  /** The folder of the app. */
  readonly root: string;
  /** The folder with the templates: `src` and `test` of the demo. */
  readonly templates: string;
  /** The folder with the files that generated pages share. */
  readonly liveTemplates: string;
}

/** A file to write, relative to the folder of the app. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  /** Whether an existing file of any content will do: it belongs to the app, not to what is generated. */
  readonly isSupport?: boolean;
}

/** A change of an existing file. */
export interface PlannedEdit {
  readonly path: string;
  /**
   * Returns the changed text; the same text if there is nothing to do.
   *
   * @throws UnknownFormError when the file does not have the expected form.
   */
  readonly apply: (text: string) => string;
  /** What to add by hand if the file has another form. */
  readonly manual: string;
}

/** The names that a generator uses. If one of the `files` exists but the `key` does not, other code uses the names. */
export interface NameClaim {
  /** A file that only this generator writes, with these names. */
  readonly key: string;
  readonly files: readonly string[];
}

/** The changes that a generator makes. */
export interface Plan {
  readonly files: readonly PlannedFile[];
  readonly claim?: NameClaim;
  readonly edits: readonly PlannedEdit[];
  /** The next steps of the user, one command or sentence a line. */
  readonly next: readonly string[];
}

/** One step of a plan, compared with the files of the app. */
export type Step =
  | {
      readonly kind: "create" | "edit" | "overwrite";
      readonly path: string;
      readonly before: string;
      readonly after: string;
    }
  | { readonly kind: "unchanged" | "differs"; readonly path: string }
  | { readonly kind: "manual"; readonly path: string; readonly manual: string };
