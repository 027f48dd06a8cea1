import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const page = readFileSync(new URL("page.html", import.meta.url), "utf8");

/** Creates the server of the other site, a static page that shows the view of the live server. */
export function createOtherSite(liveUrl) {
  return createServer((_request, response) => {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(page.replaceAll("http://localhost:4000", liveUrl));
  });
}
