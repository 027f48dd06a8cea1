let hasWarned = false;

/** Warns once per page if the versions of the server and the page differ. */
export function checkVersion(ofServer: string | undefined, ofPage: string): void {
  if (hasWarned || ofServer === ofPage) return;
  hasWarned = true;
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-a-version-mismatch-to-the-console.md
  console.warn(`@live-session/components is ${ofPage} in this page and ${ofServer} on its server.`);
}
