import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedProgram, startProgram } from '../program/start-program.ts';
import { accessibilityViolations, launchBrowser, makeFirstAdministrator, openWindow, settled } from './console-user.ts';

let program: StartedProgram;
let browser: Browser;
let signedIn: BrowserContext;
let pages: readonly string[] = [];
const faults: string[] = [];

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
    await expect
      .poll(async () => (await idsOf(page)).certificate, { timeout: 60_000, interval: 500 })
      .toEqual(expect.any(String));
    const ids = await idsOf(page);
    pages = [
      ...['/', '/assets', '/verifications', '/certificates', '/traffic', '/sources', '/toolbox', '/users', '/settings'],
      ...['/audit', '/health', '/nowhere'],
      ...[`/assets/${ids.asset}`, `/verifications/${ids.verification}`, `/certificates/${ids.certificate}`],
    ];
    await page.close();
  }, 120_000);

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 820, 1180],
  ] as const)(
    'shows every page without a fault, a sideways scroll or an obstacle (%s, %i pixels wide)',
    async (colorScheme, width, height) => {
      const storageState = await signedIn.storageState();
      const window = await browser.newContext({
        ignoreHTTPSErrors: true,
        reducedMotion: 'reduce',
        viewport: { width, height },
        colorScheme,
        storageState,
      });
      const page = await window.newPage();
      listen(page);
      const found: string[] = [];
      for (const path of pages) {
        await page.goto(program.url + path);
        await settled(page);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) found.push(`${path} is ${overflow} pixels too wide`);
        found.push(...(await accessibilityViolations(page)).map((violation) => `${path} ${violation}`));
      }
      await window.close();
      expect(found).toEqual([]);
      expect(faults).toEqual([]);
    },
    180_000,
  );
});

async function idsOf(page: Page): Promise<{ asset?: string; verification?: string; certificate?: string }> {
  return page.evaluate(async () => {
    const firstOf = async (path: string) => (await (await fetch(`/api/v1${path}`)).json()).items[0]?.id;
    return {
      asset: await firstOf('/assets?search=SAMPLE_CT1'),
      verification: await firstOf('/verifications'),
      certificate: await firstOf('/certificates'),
    };
  });
}
