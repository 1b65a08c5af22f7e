import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// Debian's Chromium where it is installed; else the browser that the test runner has downloaded.
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path));

// Every spec runs twice: a screen must do its job without JavaScript too.
export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  // A server per worker. While a browser paints, a server of the other worker answers: on two cores two take little more
  // than half the time of one.
  workers: 2,
  fullyParallel: false,
  forbidOnly: !!process.env.CI,
  // A test that passes only the second time has failed.
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    // An action that waits for something that never comes fails where it waits, not at the end of its test.
    actionTimeout: 30_000,
    viewport: { width: 1280, height: 860 },
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    // Without its film: taking pictures of every step is half of what a run costs, and the page itself is in the trace.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: true, sources: true },
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "wasm", use: { javaScriptEnabled: true } },
    { name: "no-js", use: { javaScriptEnabled: false } },
  ],
});
