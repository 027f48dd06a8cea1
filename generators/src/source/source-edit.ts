import {
  type ArrayLiteralExpression,
  type InterfaceDeclaration,
  Node,
  type ObjectLiteralExpression,
  Project,
  type SourceFile,
} from "ts-morph";

/** Reports that a file does not have the form that an edit expects. The file stays as it is. */
export class UnknownFormError extends Error {
  override readonly name = "UnknownFormError";
}

/**
 * Collects insertions into a source file. ts-morph finds the places in the syntax tree; the text is changed in one step
 * at the end, so that everything else in the file keeps its formatting.
 */
export class SourceEdit {
  readonly file: SourceFile;
  readonly #changes: { start: number; end: number; text: string }[] = [];

  constructor(text: string) {
    const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
    this.file = project.createSourceFile("file.ts", text);
  }

  /** Adds an import of names from a module, unless the file has it. */
  import(names: readonly string[], module: string): void {
    const declarations = this.file.getImportDeclarations();
    const present = declarations.flatMap((declaration) =>
      declaration.getNamedImports().map((named) => named.getName()),
    );
    const missing = names.filter((name) => !present.includes(name.replace(/^type /, "")));
    if (missing.length === 0) return;
    const areTypes = missing.every((name) => name.startsWith("type "));
    const list = missing.map((name) => (areTypes ? name.slice("type ".length) : name)).join(", ");
    const text = `import ${areTypes ? "type " : ""}{ ${list} } from "${module}";\n`;
    const last = declarations.at(-1);
    this.insert(last ? last.getEnd() + 1 : 0, text);
  }

  /** Adds a property to an interface, unless it has one of that name. */
  addToInterface(target: InterfaceDeclaration, name: string, declaration: string): void {
    if (target.getProperty(name)) return;
    const members = target.getMembers();
    const at = members.at(-1)?.getEnd() ?? target.getEnd() - 1;
    this.insert(at, `\n  ${declaration}`);
  }

  /** Adds a property at the end of an object literal, unless it has one of that name. */
  addToObject(target: ObjectLiteralExpression, name: string, property: string): void {
    if (target.getProperty(name)) return;
    const last = target.getProperties().at(-1);
    if (last) this.insert(last.getEnd(), `, ${property}`);
    else this.insert(target.getStart() + 1, ` ${property} `);
  }

  /** Adds an element to an array literal, at its start or its end. */
  addToArray(target: ArrayLiteralExpression, element: string, at: "start" | "end"): void {
    const elements = target.getElements();
    const last = elements.at(-1);
    if (at === "end" && last) this.insert(last.getEnd(), `, ${element}`);
    else this.insert(target.getStart() + 1, elements.length > 0 ? `${element}, ` : element);
  }

  /** Inserts text. Texts at the same place keep the order of the calls. */
  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Replaces the text between two places. */
  replace(start: number, end: number, text: string): void {
    this.#changes.push({ start, end, text });
  }

  /** Returns the text of the file with all changes. */
  toString(): string {
    let text = this.file.getFullText();
    const sorted = this.#changes
      .map((change, order) => ({ ...change, order }))
      .sort((a, b) => b.start - a.start || b.order - a.order);
    for (const { start, end, text: inserted } of sorted)
      text = text.slice(0, start) + inserted + text.slice(end);
    return text;
  }
}

/** Returns a part of a file that an edit needs. @throws UnknownFormError when the file does not have it. */
export function found<T>(part: T | undefined, what: string): T {
  if (part === undefined) throw new UnknownFormError(`there is no ${what}`);
  return part;
}

/** Returns the object literal that is the initializer or the argument of a call. */
export function objectOf(node: Node | undefined, what: string): ObjectLiteralExpression {
  return found(Node.isObjectLiteralExpression(node) ? node : undefined, what);
}
