// Two people edit one flow: one wins, the other sees both versions and loses nothing of what they typed.

import { axe, expect, noSidewaysScroll, provoked, signUp, test, watch } from "../support/test.ts";

test("the second save shows yours and theirs, and keeps what was typed", async ({ page, server, trouble }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Conflict ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;
  await page.goto(`${workspace}/flows`);
  await page.getByRole("table").getByRole("rowheader").first().getByRole("link").click();
  await expect(page).toHaveURL(/\/flows\/[^/?]+$/);
  const edit = `${page.url()}/edit`;

  const other = await page.context().browser()!.newContext({
    storageState: await page.context().storageState(),
    javaScriptEnabled: info.project.use.javaScriptEnabled,
  });
  const second = await other.newPage();
  await watch(second, trouble);
  await page.goto(edit);
  await second.goto(edit);
  const name = (where: typeof page) => where.locator("input[name=name]");
  await name(page).fill("Mine first");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page).toHaveURL(/done=flow-saved/);

  await name(second).fill("Typed by the second");
  await second.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(second.getByText("Someone changed this since you opened it", { exact: false })).toBeVisible();
  const row = second.getByRole("row", { name: /^Name/ });
  await expect(row).toContainText("Typed by the second");
  await expect(row).toContainText("Mine first");
  // What was typed is there still, whether or not its part of the form is open.
  await expect(second.locator("input[name=name]")).toHaveValue("Typed by the second");
  await axe(second);
  await noSidewaysScroll(second);
  await second.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(second).toHaveURL(/done=flow-saved/);
  await expect(second.getByRole("heading", { level: 1 })).toContainText("Typed by the second");
  provoked(trouble, /409/);
  await other.close();
});
