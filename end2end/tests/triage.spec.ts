// A finding from the list to a decision that waits for a second person, several at once, a concern, and a question answered.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("findings are looked at, given to somebody, and set aside for a time", async ({ page, server, scripts }, info) => {
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Triage ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  // Several at once: ticked in the list, looked at, then taken.
  await page.goto(`${workspace}/findings?q=severity:critical`);
  const rows = page.getByRole("table").getByRole("row").filter({ has: page.getByRole("checkbox") });
  if (scripts) {
    await expect(page.getByText("j and k move", { exact: false })).toBeVisible();
    await rows.nth(0).getByRole("rowheader").getByRole("link").first().focus();
    await page.keyboard.press("x");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await expect(page.getByText("2 selected")).toBeVisible();
  } else {
    await rows.nth(0).getByRole("checkbox").check();
    await rows.nth(1).getByRole("checkbox").check();
  }
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("With those selected").selectOption("Say who answers");
  await page.getByRole("button", { name: "Look at what would change" }).click();
  await expect(page.getByText("The owner that you choose").first()).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Owner").selectOption({ index: 1 });
  await page.getByRole("button", { name: "Assign 2 findings" }).click();
  await expect(page.getByText("It was saved", { exact: false })).toBeVisible();

  // One that is urgent waits for a second person, and whoever asked is not that one.
  await page.goto(`${workspace}/findings?q=rule:F-SAD-STORED`);
  await page.getByRole("table").getByRole("rowheader").getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Where it stands" })).toBeVisible();
  await page.getByText("Set it aside").first().click();
  await page.getByLabel("What is decided").selectOption("Accept the risk");
  const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
  await page.getByLabel("Until").fill(inAMonth);
  await page.getByLabel("Reason").fill("The queue is replaced in spring.");
  await axe(page);
  await page.getByRole("button", { name: "Set it aside" }).click();
  await expect(page.getByText("A decision waits for a second person", { exact: false })).toBeVisible();
  await expect(page.getByText("somebody else has to approve it", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Approve" })).toHaveCount(0);
  await expect(page.getByRole("cell", { name: "The queue is replaced in spring." })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  // A concern about a system becomes a finding.
  await page.goto(`${workspace}/systems/checkout`);
  await page.getByRole("link", { name: "Raise a concern" }).click();
  await page.getByLabel("What worries you").fill("Support copies numbers by hand.");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Raise it" }).click();
  await expect(page.getByRole("link", { name: "Support copies numbers by hand." })).toBeVisible();

  // A question is answered, and listed with its answer.
  await page.goto(`${workspace}/findings?list=questions`);
  await page.getByRole("table").first().getByRole("rowheader").getByRole("link").first().click();
  await page.getByRole("radio", { name: "The evidence shows it" }).check();
  await page.getByRole("textbox", { name: "Evidence" }).fill("EV-0007, signed in May.");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save the answer" }).click();
  await expect(page.getByRole("heading", { name: "Answered" })).toBeVisible();
  await expect(page.getByRole("cell", { name: "EV-0007, signed in May." })).toBeVisible();

  for (const path of ["requirements", "requirements/3.5.1", "settings/rules", "findings?list=decided", "rules"]) {
    await page.goto(`${workspace}/${path}`);
    await axe(page);
    await noSidewaysScroll(page);
  }
});
