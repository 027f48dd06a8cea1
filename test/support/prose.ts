import { parseSync } from "oxc-parser";

type Node = { readonly type: string; readonly [key: string]: unknown };

/** Returns the comments, test titles and error messages of a module. */
export function proseInCode(code: string): string[] {
  const { program, comments } = parseSync("module.ts", code);
  return [...comments.map(({ value }) => flow(value)), ...messagesIn(program)];
}

/** Returns the comments of a stylesheet. */
export function proseInStylesheet(css: string): string[] {
  return Array.from(css.matchAll(/\/\*(.*?)\*\//gs), ([, text = ""]) => flow(text));
}

/** Returns the paragraphs of a Markdown page, without code. */
export function proseInMarkdown(page: string): string[] {
  return withoutCode(page.replace(/^( *)```.*?^\1```$/gms, ""))
    .split(/\n\n+|\n(?=[-|#] ?)/)
    .map(flow)
    .filter((paragraph) => paragraph !== "");
}

/** Returns the strings in the arguments of tests and errors below a node of the syntax tree. */
function messagesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(messagesIn);
  if (!isNode(node)) return [];
  const children = Object.values(node).flatMap(messagesIn);
  if (isTest(node)) return [...stringsIn((node.arguments as unknown[])[0]), ...children];
  if (isError(node)) return [...stringsIn(node.arguments), ...children];
  return children;
}

function isTest(node: Node): boolean {
  return node.type === "CallExpression" && /^(describe|it$|test$)/.test(nameOf(node.callee));
}

function isError(node: Node): boolean {
  return node.type === "NewExpression" && /Error$/.test(nameOf(node.callee));
}

function nameOf(callee: unknown): string {
  if (!isNode(callee)) return "";
  return typeof callee.name === "string" ? callee.name : nameOf(callee.object);
}

/** Returns all strings below a node. A template is one string, with `…` for each expression. */
function stringsIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(stringsIn);
  if (!isNode(node)) return [];
  if (node.type === "Literal") return typeof node.value === "string" ? [flow(node.value)] : [];
  if (node.type === "TemplateLiteral") {
    const quasis = node.quasis as { value: { cooked: string } }[];
    return [flow(quasis.map(({ value }) => value.cooked).join("…"))];
  }
  return Object.values(node).flatMap(stringsIn);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** Puts a comment or paragraph on one line, without the stars of the comment. */
function flow(text: string): string {
  return withoutCode(text)
    .replace(/^\s*\*+ ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

function withoutCode(text: string): string {
  return text.replace(/`[^`]*`/g, "`…`");
}
