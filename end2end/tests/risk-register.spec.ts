// The register around its risks: another scheme with its preview, the past, the trend, one's own work, and links that are
// found by what is typed.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("a register is set, looked at as it was, and its risks are found, commented and planned", async ({ page, server }, info) => {
  test.setTimeout(240_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Register settings ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  // What it is about is found by a part of its name.
  await page.goto(`${workspace}/risks/new`);
  await page.getByLabel("Title").fill("Somebody reads the queue");
  await page.getByLabel("Find what it is about").fill("checkout");
  await page.getByRole("button", { name: "Find", exact: true }).click();
  await page.getByRole("group", { name: "What it is about" }).getByRole("checkbox").first().check();
  await page.getByRole("group", { name: "Inherent rating" }).getByLabel("Likelihood").selectOption("5");
  await page.getByRole("group", { name: "Inherent rating" }).getByLabel("Impact").selectOption("1");
  await page.getByRole("group", { name: "Action 1" }).getByLabel("What", { exact: true }).fill("Delete the queue");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("The risk is in the register.")).toBeVisible();
  await page.getByLabel("Comment", { exact: true }).fill("Seen in the log.");
  await page.getByRole("button", { name: "Write the comment" }).click();
  await expect(page.getByRole("paragraph").filter({ hasText: "Seen in the log." })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  // Another scheme: shown first, then done.
  await page.goto(`${workspace}/risks`);
  await page.getByRole("link", { name: "Settings", exact: true }).last().click();
  await expect(page.getByRole("heading", { level: 1, name: "Risk register" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("What likelihood and impact make together").selectOption("product");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByRole("heading", { name: /would make of the register$/ })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Rate again and save" }).click();
  await expect(page.getByText("The register was set.", { exact: false })).toBeVisible();

  for (const view of ["Table", "Matrix", "Actions", "My work", "What to do next", "Trend"]) {
    await page.goto(`${workspace}/risks`);
    await page.getByRole("navigation", { name: "Risks" }).getByRole("link", { name: view, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Risks" })).toBeVisible();
    await axe(page);
    await noSidewaysScroll(page);
  }
  await expect(page.getByRole("img", { name: /^Open risks by level over time/ })).toBeVisible();

  await page.goto(`${workspace}/risks?view=matrix&on=2020-01-01`);
  await expect(page.getByText("This is the register at the end of 2020-01-01", { exact: false })).toBeVisible();
  await axe(page);
  await page.getByRole("link", { name: "Show it as it is now" }).click();
  await expect(page).toHaveURL(/view=matrix$/);
});
