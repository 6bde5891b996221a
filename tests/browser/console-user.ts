import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PASSWORD = 'a calm night on ward three';
const EXECUTABLE = process.env.SPHINX_TEST_BROWSER ?? '/usr/bin/chromium';

/** The browser that the tests use: the real one, as Debian ships it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A window of 1280 × 800 in light colours, whose pages do not move by themselves. */
export function openWindow(
  browser: Browser,
  options: Pick<BrowserContextOptions, 'storageState'> = {},
): Promise<BrowserContext> {
  return browser.newContext({
    ...options,
    ignoreHTTPSErrors: true,
    colorScheme: 'light',
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
}

/** Collects what a page throws or complains about. */
export function listenForFaults(page: Page, faults: string[]): void {
  page.on('pageerror', ({ message }) => faults.push(`${page.url()} ${message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${page.url()} ${message.text()}`);
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

/** Goes to another page of the console as a link of it does, without loading the console again. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
  await settled(page);
}

/** Resolves when the page shows its content and asks for nothing more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction(() => !/Loading |Drawing /.test(document.body.textContent));
  await page.waitForTimeout(200);
}
