import { axe, expect, noSidewaysScroll, provoked, signUp, test } from "../support/test.ts";

test("the sign-in page is accessible, fits a phone and loads nothing from elsewhere", async ({ page }) => {
  const response = await page.goto("/sign-in");
  expect(response?.status()).toBe(200);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Sign in");
  await axe(page);
  await noSidewaysScroll(page);
});

test("a wrong password is refused with a sentence, without saying which part was wrong", async ({ page, trouble }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("nobody@shop.example");
  await page.getByLabel("Password", { exact: true }).fill("not the password of anybody");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("The e-mail address or the password is wrong");
  provoked(trouble, /422/);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the page carries a policy that allows no inline script and no other site", async ({ page }) => {
  const response = await page.goto("/sign-in");
  const policy = response?.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(policy).not.toContain("'unsafe-eval'");
  await expect(page.locator("[style]")).toHaveCount(0);
});

test("a page behind the sign-in leads there", async ({ page, server }) => {
  await signUp(page, server);
  await page.context().clearCookies();
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
});
