// Something happened: an incident is opened, its deadlines run, somebody is told, a card number is answered for, and it
// is closed; before that a playbook was written and tried.

import { axe, expect, noSidewaysScroll, signUp, test } from "../support/test.ts";

test("what is prepared stands beside the case, and an incident is worked on until it is closed", async ({ page, server }, info) => {
  test.setTimeout(360_000);
  await signUp(page, server);
  await page.goto("/workspaces");
  await page.getByLabel("Name", { exact: true }).fill(`Incidents ${info.project.name}`);
  await page.getByRole("radio", { name: "Load the sample estate" }).check();
  await page.getByRole("button", { name: "Make the workspace" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  const workspace = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Incidents", exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "No incidents" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);

  // Who answers, and whom to tell: what comes with the product is confirmed by somebody.
  await page.goto(`${workspace}/incidents/duties`);
  await expect(page.getByText("not confirmed", { exact: false }).first()).toBeVisible();
  const first = page.getByRole("group", { name: "Duty 1", exact: true });
  await first.getByLabel("Within hours").fill("2");
  await first.getByLabel("Confirmed").selectOption("yes");
  await page.getByRole("combobox", { name: "Privacy officer", exact: true }).selectOption({ index: 1 });
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText("The duties were saved.")).toBeVisible();
  await expect(page.getByText("A row that changes is confirmed anew.", { exact: false }).first()).toBeVisible();

  // A playbook, and a drill of it.
  await page.goto(`${workspace}/incidents/playbooks`);
  await page.getByRole("link", { name: "Add a playbook" }).first().click();
  await page.getByLabel("Title", { exact: true }).fill("A host is lost");
  await page.getByRole("checkbox", { name: "A hostile system" }).check();
  await page.getByRole("group", { name: "Step 1", exact: true }).getByLabel("Step", { exact: true }).fill("Take it off the net");
  await page.getByLabel("Contacts").fill("On call: the board in the hall");
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText("The playbook was saved.")).toBeVisible();
  await expect(page.getByText("Never", { exact: true })).toBeVisible();
  await axe(page);
  await page.goto(`${workspace}/incidents/drills`);
  await page.getByRole("link", { name: "Plan a drill" }).first().click();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The drill was saved.")).toBeVisible();
  await page.getByRole("link", { name: "Drill 1: A host is lost" }).click();
  await page.getByLabel("Done on").fill(new Date().toISOString().slice(0, 10));
  await page.getByLabel("Result").selectOption("partly");
  await page.getByLabel("Open points").fill("Nobody had the number of the acquirer");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Nobody had the number of the acquirer")).toBeVisible();

  // The blast radius shows what was agreed and leads to the sheet.
  await page.goto(`${workspace}/map?mode=blast&start=system:checkout`);
  await page.getByText("A host is lost").first().click();
  await expect(page.getByText("Take it off the net")).toBeVisible();
  await page.getByRole("link", { name: "Containment sheet" }).click();
  await expect(page.getByRole("heading", { name: "1. Cut" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "5. Tell" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByLabel("What is hostile", { exact: true }).last()).toBeHidden();
  await expect(page.getByRole("heading", { name: "4. Call" })).toBeVisible();
  await page.emulateMedia({ media: null });

  // The incident.
  await page.goto(`${workspace}/incidents/new`);
  await page.getByLabel("Title", { exact: true }).fill("A key in the open");
  await page.getByLabel("Severity").selectOption("high");
  await page.getByLabel("What is assumed to be hostile").selectOption("system:checkout");
  await page.getByRole("checkbox", { name: "Bank account data" }).check();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByRole("button", { name: "Open it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "A key in the open" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Containment sheet" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Playbooks" })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  const incident = new URL(page.url()).pathname;

  await page.getByRole("textbox", { name: "What happened", exact: true }).fill("Taken off the net");
  await page.getByRole("button", { name: "Write it down" }).click();
  await expect(page.getByRole("cell", { name: "Taken off the net" })).toBeVisible();
  await page.getByText("Write down who was told").click();
  await page.getByLabel("Which duty").selectOption({ index: 2 });
  await page.getByLabel("Whom exactly").fill("The schemes");
  await page.getByRole("button", { name: "Save who was told" }).click();
  await expect(page.getByText("The schemes", { exact: false }).first()).toBeVisible();

  // A card number where none should be.
  await page.getByRole("link", { name: "Card number found" }).click();
  await page.getByLabel("Where it was found").selectOption("checkout");
  await page.getByRole("button", { name: "Save the answers" }).click();
  await expect(page.getByRole("heading", { name: "What is left to do" })).toBeVisible();
  await expect(page.getByRole("heading", { name: /^How it came to / })).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
  await page.getByLabel("Was authentication data found with it?").selectOption("no");
  await page.getByLabel("What is done with the data").selectOption("delete");
  await page.getByLabel("What shows that it was done").fill("EV-0001");
  await page.getByLabel("Where it came from").fill("A debug log");
  await page.getByLabel("How that way is closed").fill("The log is off");
  await page.getByRole("button", { name: "Save the answers" }).click();
  await expect(page.getByText("Everything that has to be answered is answered.")).toBeVisible();

  // Nothing closes without a cause.
  await page.goto(incident);
  await expect(page.getByText("This stands in the way of closing it:")).toBeVisible();
  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByLabel("Root cause").fill("It was copied into a repository");
  await page.getByRole("button", { name: "Save", exact: true }).last().click();
  await expect(page.getByText("The incident was saved.", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Close the incident" }).click();
  await expect(page.getByRole("button", { name: "Reopen" })).toBeVisible();
  await axe(page);
  await page.goto(`${workspace}/incidents`);
  await expect(page.getByText("1 incident, closed")).toBeVisible();
  await axe(page);
  await noSidewaysScroll(page);
});
