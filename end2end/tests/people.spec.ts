// Somebody is invited, joins, is given another role, and goes; what they answered for stays answered for.

import type { Browser, Page } from "@playwright/test";
import { axe, expect, noSidewaysScroll, provoked, signUp, test, watch } from "../support/test.ts";

/** A second person: a browser of their own, as this project has it. */
async function somebodyElse(browser: Browser, origin: string, trouble: string[], scripts: boolean): Promise<Page> {
  const context = await browser.newContext({ baseURL: origin, javaScriptEnabled: scripts });
  const page = await context.newPage();
  await watch(page, trouble);
  return page;
}

test("invitation, acceptance, change of role, removal", async ({ page, browser, server, scripts, trouble }, info) => {
  // Two people, and nine pages that are looked at in both themes.
  test.setTimeout(360_000);
  const name = `People ${info.project.name}`;
  const mail = `editor-${info.project.name}@shop.example`;
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "People", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "People and teams" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "Members", exact: true }).click();
  await page.getByLabel("E-mail address").fill(mail);
  await page.getByLabel("Role", { exact: true }).selectOption("editor");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Make the invitation" }).click();
  const link = await page.getByLabel("Link", { exact: true }).inputValue();
  expect(link).toContain(`${server.origin}/invite/`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/members`);
  await expect(page.getByLabel("Link", { exact: true })).toHaveCount(0);

  const other = await somebodyElse(browser, server.origin, trouble, scripts);
  await other.goto(link);
  await expect(other.getByText("Editor (security)")).toBeVisible();
  await axe(other);
  await noSidewaysScroll(other);
  await other.getByLabel("Your name").fill("Shop editor");
  await other.getByLabel("Password", { exact: true }).fill("lantern over a quiet canal 7");
  await other.getByRole("button", { name: "Make the account and join" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  await other.goto(`${workspace}/systems/new`);
  await other.getByLabel("Name", { exact: true }).fill("Till");
  await other.getByLabel("Owner", { exact: true }).selectOption({ label: "Shop editor" });
  await other.getByRole("button", { name: "Add the system" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Till" })).toBeVisible();

  // The same link a second time leads nowhere.
  await other.goto(link);
  await expect(other.getByRole("heading", { level: 1, name: "This invitation works no longer" })).toBeVisible();
  await axe(other);
  provoked(trouble, /404/);

  await page.goto(`${workspace}/members`);
  await page.getByRole("link", { name: "Shop editor" }).click();
  await page.getByLabel("Role", { exact: true }).selectOption("viewer");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The role was saved")).toBeVisible();
  // The new role begins with a new session.
  await other.goto(`${workspace}/systems`);
  await expect(other).toHaveURL(/\/sign-in/);
  await other.getByLabel("E-mail address").fill(mail);
  await other.getByLabel("Password", { exact: true }).fill("lantern over a quiet canal 7");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("link", { name: "Till" })).toBeVisible();
  await expect(other.getByRole("link", { name: "Add a system" })).toHaveCount(0);

  await page.getByRole("link", { name: "Shop editor" }).click();
  await expect(page.getByRole("heading", { name: "What they answer for" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Till" })).toBeVisible();
  await page.getByLabel("Who takes over").selectOption({ label: "Platform security" });
  await page.getByRole("button", { name: "Remove Shop editor" }).click();
  await expect(page.getByRole("row").filter({ hasText: mail })).toHaveCount(0);
  await page.goto(`${workspace}/systems/till`);
  await expect(page.getByText("owner Platform security")).toBeVisible();
  await other.goto(`${workspace}/systems`);
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();
});

test("a person by hand, one's own name, and a workspace that is archived and deleted", async ({ page, server, trouble }, info) => {
  const name = `Short-lived ${info.project.name}`;
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: "Start empty" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/people/new`);
  await page.getByLabel("Name", { exact: true }).fill("Checkout team");
  await page.getByLabel("Kind", { exact: true }).selectOption("team");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout team" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  for (const address of ["/profile", "/admin", `${workspace}/settings`]) {
    await page.goto(address);
    await axe(page);
    await noSidewaysScroll(page);
  }
  await page.getByRole("button", { name: "Archive the workspace" }).click();
  await expect(page.getByText("The workspace is archived. You can restore it")).toBeVisible();
  await axe(page);
  await page.getByLabel("Name of the workspace").fill("Something else");
  await page.getByRole("button", { name: "Delete the workspace" }).click();
  await expect(page.getByRole("alert")).toContainText("Type the name of the workspace exactly");
  provoked(trouble, /422/);
  await axe(page);
  await page.getByLabel("Name of the workspace").fill(name);
  await page.getByRole("button", { name: "Delete the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Workspaces" })).toBeVisible();
  await expect(page.getByRole("link", { name })).toHaveCount(0);
});
