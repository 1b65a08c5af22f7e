// A snapshot is taken, everything is looked at as it was, and what differs is a list and a picture.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("take a snapshot, change the model, look back and compare", async ({ page, server }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Snapshots ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/diff`);
  await expect(page.getByRole("heading", { name: "Nothing to compare with yet" })).toBeVisible();
  await axe(page);
  await page.goto(`${workspace}/snapshots`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Name", { exact: true }).fill("Before the kiosk");
  await page.getByRole("button", { name: "Take a snapshot" }).click();
  await expect(page.getByText("The snapshot was taken.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: "Before the kiosk" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  await page.goto(`${workspace}/systems/new`);
  await page.getByLabel("Name", { exact: true }).fill("Ticket kiosk");
  await page.getByRole("button", { name: "Add the system" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Ticket kiosk" })).toBeVisible();

  await page.goto(`${workspace}/map?at=snap-1`);
  const banner = page.getByRole("complementary", { name: "Snapshot" });
  await expect(banner).toContainText("Nothing here can be changed");
  await expect(page.getByRole("link", { name: /^Ticket kiosk/ })).toHaveCount(0);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inventory" }).click();
  await expect(page).toHaveURL(/at=snap-1/);
  await expect(page.getByRole("link", { name: "Ticket kiosk" })).toHaveCount(0);
  await page.getByLabel("Filter", { exact: true }).fill("scope:in");
  await page.getByRole("button", { name: "Filter" }).click();
  await expect(page).toHaveURL(/at=snap-1/);
  await axe(page);
  await banner.getByRole("link", { name: "Back to now" }).click();
  await expect(page).not.toHaveURL(/at=/);
  await expect(page.getByLabel("Filter", { exact: true })).toHaveValue("scope:in");

  await page.goto(`${workspace}/map?mode=diff&from=snap-1`);
  await expect(page.getByText("+ added").first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "What differs between Before the kiosk (snap-1) and now" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/diff?from=snap-1`);
  await expect(page.getByText("1 added, 0 removed, 0 changed")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});
