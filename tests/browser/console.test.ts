import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedProgram, startProgram } from '../program/start-program.ts';
import { accessibilityViolations, launchBrowser, makeFirstAdministrator, openWindow, settled } from './console-user.ts';

let program: StartedProgram;
let browser: Browser;
let signedIn: BrowserContext;
const faults: string[] = [];
let pages: readonly string[] = [];
/** Where a picture of every page goes; none are taken without it. See `npm run screenshots`. */
const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;

beforeAll(async () => {
  program = await startProgram();
  browser = await launchBrowser();
  signedIn = await openWindow(browser);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await program?.stop();
});

function listen(page: Page): void {
  page.on('pageerror', ({ message }) => faults.push(`${page.url()} ${message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${page.url()} ${message.text()}`);
  });
}

describe('the console, in a real browser', () => {
  it('lets the first administrator in through the one-time link, and says what to do next', async () => {
    const page = await signedIn.newPage();
    listen(page);
    await page.goto(program.firstRunLink);
    await settled(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    await makeFirstAdministrator(page, program.firstRunLink);
    await settled(page);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look around with sample traffic' }).click();
    await expect.poll(() => firstCertificate(page), { timeout: 60_000, interval: 500 }).toEqual(expect.any(String));
    expect(faults).toEqual([]);
    pages = await pagesOf(page);
    await page.close();
  }, 120_000);

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 820, 1180],
  ] as const)(
    'shows every page without a fault, a sideways scroll or an obstacle (%s, %i pixels wide)',
    async (colorScheme, width, height) => {
      const window = await openWindow(browser, {
        colorScheme,
        width,
        height,
        storageState: await signedIn.storageState(),
      });
      const page = await window.newPage();
      listen(page);
      const found: string[] = [];
      for (const path of pages) {
        await page.goto(program.url + path);
        await settled(page);
        if (PICTURES !== undefined)
          await page.screenshot({ path: join(PICTURES, pictureName(path, colorScheme, width)) });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) found.push(`${path} is ${overflow} pixels too wide`);
        found.push(...(await accessibilityViolations(page)).map((violation) => `${path} ${violation}`));
      }
      await window.close();
      expect(pages.length).toBeGreaterThan(12);
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
    },
    180_000,
  );
});

/** Every page, with one asset, verification and certificate of the sample hospital. */
async function pagesOf(page: Page): Promise<readonly string[]> {
  const [asset, verification, certificate] = await page.evaluate(async () => {
    const firstOf = async (path: string) => (await (await fetch(`/api/v1${path}`)).json()).items[0]?.id;
    return [
      await firstOf('/assets?search=SAMPLE_CT1'),
      await firstOf('/verifications'),
      await firstOf('/certificates'),
    ];
  });
  return [
    ...['/', '/assets', '/verifications', '/certificates', '/traffic', '/sources', '/toolbox', '/users', '/settings'],
    ...['/audit', '/health', '/nowhere'],
    ...[`/assets/${asset}`, `/verifications/${verification}`, `/certificates/${certificate}`],
  ];
}

function pictureName(path: string, colorScheme: string, width: number): string {
  const [, page = '', one] = path.split('/');
  return `${page === '' ? 'overview' : page}${one === undefined ? '' : '-one'}-${colorScheme}-${width}.png`;
}

function firstCertificate(page: Page): Promise<unknown> {
  return page.evaluate(async () => (await (await fetch('/api/v1/certificates')).json()).items[0]?.id);
}
