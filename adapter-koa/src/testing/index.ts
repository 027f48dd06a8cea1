export type { TestedApp } from "./app-server.js";
export type { CookieJar } from "./cookie-jar.js";
export type { FormValue, FormValues } from "./form-fields.js";
export type { LiveElement } from "./live-element.js";
export type { ChangeOptions, LiveForm, SubmitOptions } from "./live-form.js";
export type { Page } from "./page.js";
export type { FollowedRedirect } from "./page-load.js";
export type { VisitOptions } from "./tab.js";
export { visit } from "./visit.js";
