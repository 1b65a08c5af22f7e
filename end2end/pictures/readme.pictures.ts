// The pictures of the README, light and wide; beside them, for the eyes of whoever changed a page, the same pages dark
// and 320 pixels wide in `end2end/test-results/looks`.

import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { Plumbline } from "../support/plumbline.ts";
import { ADMIN, test } from "../support/test.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const README = join(ROOT, "docs/pictures");
const LOOKS = join(ROOT, "end2end/test-results/looks");
const WIDE = { width: 1280, height: 860 };

/** One picture for the README, and three to look at. */
async function picture(page: Page, name: string): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: join(README, `${name}.png`) });
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    // Colours fade into one another.
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(LOOKS, `${name}-${scheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 320, height: 860 });
  await page.screenshot({ path: join(LOOKS, `${name}-narrow.png`), fullPage: true });
  await page.setViewportSize(WIDE);
}

test("the pictures of the README", async ({ browser }) => {
  const server = await Plumbline.start();
  try {
    const page = await browser.newPage({ viewport: WIDE, colorScheme: "light" });
    await page.goto(server.setupLink);
    await page.getByLabel("Organisation").fill(ADMIN.organisation);
    await page.getByLabel("Your name").fill(ADMIN.name);
    await page.getByLabel("E-mail address").fill(ADMIN.email);
    await picture(page, "set-up");
    await page.getByLabel("Password").fill(ADMIN.password);
    await page.getByRole("button", { name: "Set up Plumbline" }).click();
    await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
    const workspace = page.url();
    await picture(page, "home");
    await page.goto(`${workspace}/map`);
    await picture(page, "map");
    await page.goto(`${workspace}/systems/log`);
    await picture(page, "system");
    await page.goto(`${workspace}/import`);
    await page.getByLabel("File", { exact: true }).setInputFiles(join(ROOT, "tests/fixtures/shop-flows.csv"));
    await page.getByRole("button", { name: "Read the file" }).click();
    await page.getByRole("heading", { level: 1, name: "Import shop-flows.csv" }).waitFor();
    await picture(page, "import");
  } finally {
    await server.stop();
  }
});
