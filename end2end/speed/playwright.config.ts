import tests from "../playwright.config.ts";

// `make bench-paint`: how soon a large workspace is seen in the browser. It is no test and never runs with them.
export default { ...tests, testDir: ".", testMatch: "*.speed.ts", outputDir: "../test-results" };
