// What the sample estate shows to be wrong, what would end it, and the change made from the finding's page.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("from the worst finding to the change that ends one", async ({ page, server }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Findings ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  await expect(page.getByRole("heading", { name: "Look at this first" })).toBeVisible();

  await page.getByRole("link", { name: "All findings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Findings" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Filter", { exact: true }).fill("rule:PF-12");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("link", { name: /sends the card number in clear in a log/ }).first().click();
  await expect(page.getByRole("heading", { name: "The facts it rests on" })).toBeVisible();
  await expect(page.getByText("1 system would change category.")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Make this change" }).first().click();
  await expect(page.getByText("1 system changed category", { exact: false })).toBeVisible();
  await expect(page.getByText("Done: this is not found any more")).toBeVisible();

  for (const path of ["findings?list=questions", "findings?list=health", "rules", "rules/PF-09"]) {
    await page.goto(`${workspace}/${path}`);
    await axe(page);
    await noSidewaysScroll(page);
  }
});
