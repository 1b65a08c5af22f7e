// An evidence pack is asked for, made in the background and downloaded; the audit trail tells it.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("make a pack in four clicks, download it and find it in the audit trail", async ({ page, server }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Packs ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  // The section, a new pack with what is chosen already, and the file.
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Evidence" }).click();
  await page.getByRole("link", { name: "New pack" }).click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Generate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "PACK-1" })).toBeVisible();
  // While it is made the page comes again by itself, with scripts or without.
  await expect(page.getByText("The pack is finished.")).toBeVisible({ timeout: 60_000 });
  await axe(page);
  await noSidewaysScroll(page);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/-PACK-1-.*-full\.zip$/);

  await page.goto(`${workspace}/evidence/packs`);
  await expect(page.getByRole("link", { name: "PACK-1" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/settings/audit?action=pack`);
  await expect(page.getByText("Evidence pack downloaded")).toBeVisible();
  await page.getByRole("link", { name: "Verify the chain" }).click();
  await expect(page.getByText(/The chain: whole, \d+ entries/)).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});
