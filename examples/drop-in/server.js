import { once } from "node:events";
import { createLiveServer } from "./live-server.js";
import { createOtherSite } from "./other-site.js";

// Two host names are two sites to a browser, even on one machine.
const { PORT = "4000", OTHER_PORT = "4001" } = process.env;
const liveServer = createLiveServer(["//127.0.0.1"]).listen(Number(PORT));
await once(liveServer, "listening");
const liveUrl = `http://localhost:${liveServer.address().port}`;

const otherSite = createOtherSite(liveUrl).listen(Number(OTHER_PORT), "127.0.0.1");
await once(otherSite, "listening");
console.log(`http://127.0.0.1:${otherSite.address().port}`);
