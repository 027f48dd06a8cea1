export { sendKeys } from "@web/test-runner-commands";
