// What is done again and again: planned, seen in the calendar, noted as done with the cause where it was late; and the feed
// that a calendar program reads until somebody ends it.

import { axe, expect, noSidewaysScroll, provoked, signUp, test } from "../support/test.ts";

/** A day, so many days from today, as forms take it. */
function day(after: number): string {
  return new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
}

test("a schedule is planned, is late, is caught up, and a calendar program reads it", async ({ page, server, trouble }, info) => {
  test.setTimeout(300_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Calendar ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.goto(`${workspace}/schedules`);
  await page.getByRole("link", { name: "Add a schedule" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Rights of people");
  await page.getByLabel("What it is about").selectOption({ value: "topic:access" });
  await page.getByLabel("How often").fill("6m");
  await page.getByLabel("First due").fill(day(-20));
  await page.getByLabel("Who sees to it").selectOption({ label: "Platform security" });
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Rights of people" })).toBeVisible();
  const schedule = new URL(page.url()).pathname;

  // Late, in the calendar and on Home.
  await page.goto(`${workspace}/calendar`);
  const late = page.locator("section", { has: page.getByRole("heading", { name: "Late", exact: true }) });
  await expect(late.getByRole("link", { name: "Rights of people is due" })).toBeVisible();
  await expect(late.getByText("20 days late")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("link", { name: "As a list" }).click();
  await axe(page);
  await page.goto(workspace);
  await expect(page.getByRole("link", { name: /Rights of people/ }).first()).toBeVisible();

  // Done, too late: without a cause it is refused, and nothing that was entered is lost.
  await page.goto(schedule);
  await page.getByLabel("What shows it").fill("Minutes of the access review");
  await page.getByRole("button", { name: "Note it" }).click();
  await expect(page.getByLabel("What shows it")).toHaveValue("Minutes of the access review");
  provoked(trouble, /422/);
  await page.getByLabel("Why it was late").fill("The owner was ill.");
  await page.getByLabel("Who was told, and when").fill("The head of security, on the day.");
  await page.getByLabel("How it was caught up").fill("A deputy is named.");
  await page.getByRole("button", { name: "Note it" }).click();
  await expect(page.getByRole("table", { name: "1 time" })).toContainText("The owner was ill.");
  await axe(page);
  await noSidewaysScroll(page);
  await page.goto(`${workspace}/calendar`);
  await expect(page.getByText("20 days late")).toHaveCount(0);

  // The address works without a session, and ends when somebody says so.
  await page.getByRole("link", { name: "Subscribe" }).click();
  await page.getByRole("button", { name: "Make the address" }).click();
  const address = new URL(await page.locator("code.secret").innerText(), server.origin).pathname;
  const stranger = await page.context().browser()!.newContext({ baseURL: server.origin });
  const feed = await stranger.request.get(address);
  expect(feed.status()).toBe(200);
  expect(await feed.text()).toContain("BEGIN:VCALENDAR");
  expect(await feed.text()).toContain("Rights of people");
  await page.goto(`${workspace}/calendar/feed`);
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "End the address" }).click();
  expect((await stranger.request.get(address)).status()).toBe(404);
  await stranger.close();
});
