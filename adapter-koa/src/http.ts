export { parseQuery } from "./live/parse-query.js";
export { isLocalPath } from "./live/socket/navigation.js";
