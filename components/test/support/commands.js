export { emulateMedia, sendKeys } from "@web/test-runner-commands";
