import tests from "../playwright.config.ts";

// `make pictures`: the pictures of the README, taken from the real binary. They are no test and never run with them.
export default { ...tests, testDir: ".", testMatch: "*.pictures.ts", outputDir: "../test-results" };
