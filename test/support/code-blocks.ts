/** A TypeScript code block of a Markdown page. */
export interface CodeBlock {
  /** The page, as a path from the repository's top. */
  readonly page: string;
  /** The page's line that opens the block, counted from 1. */
  readonly line: number;
  /** The file named in the comment of the first line (`// hooks.ts`), or a name made of the line number. */
  readonly file: string;
  /**
   * Use of the code after it compiles: a server (`serve`), a test file (`test`) or code for a page (`browser`). Other
   * code is imported.
   */
  readonly use: string | undefined;
  readonly code: string;
}

const fence = /^```ts(?: (\w+))?\n(.*?)^```$/gms;

/** Returns the code blocks of a page that are marked `ts`, with or without a use, in order. */
export function codeBlocksOf(page: string, text: string): CodeBlock[] {
  return Array.from(text.matchAll(fence), ({ 1: use, 2: code = "", index }) => {
    const line = text.slice(0, index).split("\n").length;
    const file = /^\/\/ ([\w/-]+\.ts)\n/.exec(code)?.[1] ?? `line-${line}.ts`;
    return { page, line, file, use, code };
  });
}
