// What every browser test starts from: a server of its own kind, and a page on which any error fails the test.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test as base, expect, type Page } from "@playwright/test";
import type { RunOptions } from "axe-core";
import { Plumbline } from "./plumbline.ts";

export { expect } from "@playwright/test";

/** The account that `signUp` makes. */
export const ADMIN = {
  organisation: "Harbour Street Shop",
  name: "Platform security",
  email: "security@shop.example",
  password: "correct horse battery staple 42",
} as const;

type Fixtures = {
  /** What went wrong on the page: console errors, page errors, CSP violations, requests that left the machine. */
  trouble: string[];
  /** Whether this project runs scripts. */
  scripts: boolean;
  /** The copies in which axe looked at pages without scripts; they end with the test. */
  copies: void;
};

/** For a page without scripts its copy with them: one for all its looks, because a browser context is dear to begin. */
const copies = new Map<Page, Page>();

export const test = base.extend<Fixtures, { server: Plumbline }>({
  // One server for all tests of a worker: they make their own records in it.
  server: [
    async ({}, use) => {
      const server = await Plumbline.start();
      await use(server);
      const outcome = await server.stop();
      expect(outcome, "the server ends when it gets SIGTERM").toBe("ended");
    },
    { scope: "worker", timeout: 90_000 },
  ],

  baseURL: async ({ server }, use) => use(server.origin),

  scripts: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled !== false),

  copies: [
    async ({}, use) => {
      await use();
      for (const copy of copies.values()) await copy.context().close();
      copies.clear();
    },
    { auto: true },
  ],

  trouble: async ({}, use) => use([]),

  page: async ({ page, trouble, server }, use, info) => {
    await watch(page, trouble);
    await use(page);
    if (info.status !== info.expectedStatus) await info.attach("server log", { body: server.log, contentType: "text/plain" });
    expect(trouble, "errors on the page").toEqual([]);
  },
});

/**
 * Fails the test on anything that a person would find in the browser's console. Use it for further pages of a context;
 * the fixture `page` is watched already.
 */
export async function watch(page: Page, trouble: string[]): Promise<void> {
  page.on("console", (message) => {
    if (message.type() === "error") trouble.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => trouble.push(`page error: ${error.message}`));
  page.on("crash", () => trouble.push("the page crashed"));

  // Chromium reports a violation to the console as well, but not for every directive.
  // Without JavaScript neither of these runs, and the console is what there is.
  await page.exposeFunction("plumblineTrouble", (text: string) => trouble.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (globalThis as unknown as { plumblineTrouble(text: string): void }).plumblineTrouble;
      report(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
    });
  });

  await page.route(
    (url) => !["127.0.0.1", "localhost", "[::1]"].includes(url.hostname) && url.protocol.startsWith("http"),
    (route) => {
      trouble.push(`a request left the machine: ${route.request().url()}`);
      return route.abort();
    },
  );
}

/**
 * Takes an error that a test has provoked out of `trouble`: the browser's console reports each answer of 400 and above.
 * It is an error of its own when there was none.
 */
export function provoked(trouble: string[], pattern: RegExp): void {
  const others = trouble.filter((text) => !pattern.test(text));
  expect(others.length, `an error like ${pattern} was expected in: ${trouble.join("; ")}`).toBeLessThan(trouble.length);
  trouble.splice(0, trouble.length, ...others);
}

/** The script of axe, which is put into a page as the browser's own tools put theirs. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe is asked in the light theme: WCAG 2.2 AA and its best practices. */
const EVERYTHING: RunOptions = {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
};
/** The other themes change nothing but colours, so that only the rules about colours are asked again. */
const COLOURS: RunOptions = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

/** No violation of WCAG 2.2 AA or of axe's best practices: in the light theme, in the dark one, and in forced colours. */
export async function axe(page: Page): Promise<void> {
  const copy = await copyWithScripts(page);
  await copy.evaluate(AXE);
  for (const theme of ["light", "dark", "forced colours"] as const) {
    await copy.emulateMedia({
      colorScheme: theme === "dark" ? "dark" : "light",
      forcedColors: theme === "forced colours" ? "active" : "none",
    });
    const found = await copy.evaluate(
      async (asked) => {
        const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
        // A colour that is on its way to that of the theme is none that anybody reads.
        for (const it of document.getAnimations()) if (it instanceof CSSTransition) it.finish();
        // What passes is not asked for: it is most of what axe would tell.
        const { violations } = await axe.run(document, { ...asked, resultTypes: ["violations"], preload: false });
        return violations.map((it) => {
          const nodes = it.nodes.map((node) => `${node.target.join(" ")}: ${node.failureSummary}`);
          return `${it.id} (${it.impact}): ${nodes.join("; ")}`;
        });
      },
      theme === "light" ? EVERYTHING : COLOURS,
    );
    expect(found, `axe, ${theme}, ${page.url()}`).toEqual([]);
  }
  await copy.emulateMedia({ colorScheme: null, forcedColors: null });
}

/**
 * axe is a script, so it cannot run where scripts are off. There it gets a copy of the page as it stands, in a context
 * that runs axe but none of the page's own scripts.
 */
async function copyWithScripts(page: Page): Promise<Page> {
  if (test.info().project.use.javaScriptEnabled !== false) return page;
  const body = await page.content();
  const browser = page.context().browser();
  if (!browser) throw new Error("the page belongs to no browser");
  const copy = copies.get(page) ?? (await browser.newPage({ javaScriptEnabled: true }));
  copies.set(page, copy);
  const context = copy.context();
  await context.clearCookies();
  await context.addCookies(await page.context().cookies());
  const size = page.viewportSize();
  if (size) await copy.setViewportSize(size);
  await copy.unrouteAll();
  await copy.route("**/*", (route) => {
    if (route.request().resourceType() === "document") {
      const headers = { "content-type": "text/html; charset=utf-8", "content-security-policy": "script-src 'none'" };
      return route.fulfill({ body, headers });
    }
    return route.continue();
  });
  await copy.goto(page.url());
  return copy;
}

/** At 320 CSS pixels, and at 1280, nothing makes the page itself scroll sideways. */
export async function noSidewaysScroll(page: Page): Promise<void> {
  const before = page.viewportSize();
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 860 });
    const { content, window, widest } = await page.evaluate(() => {
      const root = document.documentElement;
      const outside = [...document.body.querySelectorAll("*")]
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
        .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}`);
      return { content: root.scrollWidth, window: root.clientWidth, widest: outside.slice(0, 5) };
    });
    expect(content, `page width at ${width} px, ${page.url()}; sticking out: ${widest.join(", ")}`).toBeLessThanOrEqual(window);
  }
  if (before) await page.setViewportSize(before);
}

/**
 * Makes the first account through the one-time link and ends signed in. Where another test of this worker has made it
 * already, signs in.
 */
export async function signUp(page: Page, server: Plumbline): Promise<void> {
  if (server.hasAccount) return signIn(page);
  await page.goto(server.setupLink);
  await page.getByLabel("Organisation").fill(ADMIN.organisation);
  await page.getByLabel("Your name").fill(ADMIN.name);
  await page.getByLabel("E-mail address").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  // Without JavaScript nothing can read the token from the fragment: the page has a field to paste it into.
  const token = page.getByLabel("Set-up token");
  if (await token.isVisible()) await token.fill(new URL(server.setupLink).hash.replace(/^#(token=)?/, ""));
  await page.getByRole("button", { name: "Set up Plumbline" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  server.hasAccount = true;
}

/** Signs in with the account of `signUp`. */
export async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}
