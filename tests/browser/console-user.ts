import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PASSWORD = 'a calm night on ward three';
const EXECUTABLE = process.env.SPHINX_TEST_BROWSER ?? '/usr/bin/chromium';

/** The browser that the tests use: the real one, as Debian ships it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A window of 1280 × 800, in the colour scheme asked for. */
export function openWindow(
  browser: Browser,
  options: Pick<BrowserContextOptions, 'colorScheme' | 'storageState'> & { width?: number; height?: number } = {},
): Promise<BrowserContext> {
  const { colorScheme = 'light', width = 1280, height = 800, storageState } = options;
  return browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme,
    viewport: { width, height },
    reducedMotion: 'reduce',
    ...(storageState === undefined ? {} : { storageState }),
  });
}

/** Follows the one-time link and makes the first administrator. */
export async function makeFirstAdministrator(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill('Ada Example');
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').first().fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account and sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** What axe finds wrong (WCAG 2.2 A and AA, best practices), one line each. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

/** Resolves when the page shows its content and asks for nothing more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => !document.body.innerText.includes('Loading '));
  await page.waitForTimeout(300);
}
