const maxLength = 255;

/** Returns the name of a file without folders, and without characters that a page would not show as they are. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const visible = last.replace(/\p{C}|[\p{Zl}\p{Zp}]/gu, "").trim();
  return [...visible].slice(0, maxLength).join("") || "file";
}
