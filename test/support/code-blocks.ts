/** A TypeScript code block of a Markdown page. */
export interface CodeBlock {
  /** The page, as a path from the repository's top. */
  readonly page: string;
  /** The page's line that opens the block, counted from 1. */
  readonly line: number;
  /** The file that the block's first line names in a comment (`// hooks.ts`), else one named after the line. */
  readonly file: string;
  /**
   * What is done with the code once it compiles: it is imported, unless it is started as a server (`serve`), is a file
   * of tests (`test`), or needs a page (`browser`).
   */
  readonly use: string | undefined;
  readonly code: string;
}

const fence = /^```ts(?: (\w+))?\n(.*?)^```$/gms;

/** The code blocks of a page that are marked `ts`, whatever follows, in order. */
export function codeBlocksOf(page: string, text: string): CodeBlock[] {
  return Array.from(text.matchAll(fence), ({ 1: use, 2: code = "", index }) => {
    const line = text.slice(0, index).split("\n").length;
    const file = /^\/\/ ([\w/-]+\.ts)\n/.exec(code)?.[1] ?? `line-${line}.ts`;
    return { page, line, file, use, code };
  });
}
