import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedProgram, startProgram } from '../program/start-program.ts';
import { accessibilityViolations, launchBrowser, makeFirstAdministrator, openWindow, settled } from './console-user.ts';

let program: StartedProgram;
let browser: Browser;
let signedIn: BrowserContext;
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
    await expect.poll(() => firstCertificate(page), { timeout: 60_000, interval: 500 }).toEqual(expect.any(String));
    expect(faults).toEqual([]);
    await page.close();
  }, 120_000);
});

function firstCertificate(page: Page): Promise<unknown> {
  return page.evaluate(async () => (await (await fetch('/api/v1/certificates')).json()).items[0]?.id);
}
