let isSaid = false;

/** Says, once in the life of a page, that its client is not of the server's version. */
export function warnAboutVersions(ofServer: string | undefined, ofPage: string): void {
  if (isSaid) return;
  isSaid = true;
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-a-version-mismatch-to-the-console.md
  console.warn(`@live-session/components is ${ofPage} in this page and ${ofServer} on its server.`);
}
