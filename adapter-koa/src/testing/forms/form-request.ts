import { randomUUID } from "node:crypto";
import type { Element } from "domhandler";
import type { PageRequest } from "../browser/page-loader.js";
import type { Entry } from "./form-fields.js";

/** Creates the request with which a browser sends a form to its action. */
export async function toRequest(
  form: Element,
  button: Element | undefined,
  entries: readonly Entry[],
  base: URL,
): Promise<PageRequest> {
  const { formaction, formmethod, formenctype } = button?.attribs ?? {};
  const url = new URL(formaction || form.attribs.action || base.href, base);
  const method = (formmethod ?? form.attribs.method ?? "get").toLowerCase();
  if (method === "post") {
    const type = (formenctype ?? form.attribs.enctype ?? "").toLowerCase();
    return { url, method: "POST", ...(await toBody(type, entries)) };
  }
  url.search = toUrlEncoded(entries);
  return { url, method: "GET" };
}

/** Encodes the entries of a form. Only `multipart/form-data` contains files; the other types contain their names. */
async function toBody(
  type: string,
  entries: readonly Entry[],
): Promise<{ body: string | Buffer; contentType: string }> {
  if (type === "multipart/form-data") {
    const boundary = `form-${randomUUID()}`;
    const parts = await Promise.all(entries.map((entry) => toPart(entry, boundary)));
    const body = Buffer.concat([...parts.flat(), Buffer.from(`--${boundary}--\r\n`)]);
    return { body, contentType: `${type}; boundary=${boundary}` };
  }
  if (type === "text/plain") {
    const lines = entries.map((entry) => `${toStrings(entry).join("=")}\r\n`);
    return { body: lines.join(""), contentType: type };
  }
  return { body: toUrlEncoded(entries), contentType: "application/x-www-form-urlencoded" };
}

/** Encodes an entry for `multipart/form-data`. Not with `FormData`, which omits the empty name of a missing file. */
async function toPart([name, value]: Entry, boundary: string): Promise<readonly Buffer[]> {
  const start = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(withCrLf(name))}"`;
  if (typeof value === "string") return [Buffer.from(`${start}\r\n\r\n${withCrLf(value)}\r\n`)];
  const type = value.type || "application/octet-stream";
  const head = `${start}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`;
  return [Buffer.from(head), Buffer.from(await value.arrayBuffer()), Buffer.from("\r\n")];
}

const quoted = (text: string): string =>
  text.replaceAll(/["\r\n]/g, (character) => encodeURIComponent(character));

const toUrlEncoded = (entries: readonly Entry[]): string =>
  new URLSearchParams(entries.map(toStrings)).toString();

const toStrings = ([name, value]: Entry): [name: string, value: string] => [
  withCrLf(name),
  withCrLf(typeof value === "string" ? value : value.name),
];

const withCrLf = (text: string): string => text.replaceAll(/\r\n?|\n/g, "\r\n");
