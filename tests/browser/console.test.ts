import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { follow, makeFirstAdministrator, type OpenConsole, openConsole, settled } from './console-user.ts';

let console: OpenConsole;
/** Where a picture of every page goes; none are taken without it. See `npm run screenshots`. */
const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
/** Windows that are walked at the same time. */
const WALKERS = 2;

beforeAll(async () => {
  console = await openConsole();
}, 120_000);

afterAll(() => console?.close());

describe('every page of the console, in a real browser', () => {
  it('lets the first administrator in through the one-time link, and says what to do next', async () => {
    const { page, program, faults } = console;
    await page.goto(program.firstRunLink);
    await settled(page);
    await takePicture(page, 'first-run-light-1280');
    expect(await accessibilityViolations(page)).toEqual([]);
    await makeFirstAdministrator(console);
    await settled(page);
    await takePicture(page, 'overview-empty-light-1280');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look around with sample traffic' }).click();
    await expect.poll(() => firstCertificate(page), { timeout: 60_000, interval: 500 }).toEqual(expect.any(String));
    expect(faults).toEqual([]);
  }, 120_000);

  it('shows each without a fault, a sideways scroll or an obstacle: in light, in dark, and on a tablet', async () => {
    const { program, faults } = console;
    const paths = await pagesOf(console.page);
    const waiting = [...paths];
    const found: string[] = [];
    const walk = async () => {
      const walker = await console.newWindow();
      await walker.goto(program.url);
      for (let path = waiting.shift(); path !== undefined; path = waiting.shift())
        found.push(...(await lookAt(walker, path)).map((obstacle) => `${path} ${obstacle}`));
    };
    await Promise.all(Array.from({ length: WALKERS }, walk));
    expect(paths.length).toBeGreaterThan(12);
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
  }, 300_000);
});

/** One page in each colour scheme and width, switched in place. @returns what would stop somebody */
async function lookAt(walker: Page, path: string): Promise<string[]> {
  await follow(walker, path);
  await takePicture(walker, `${pictureName(path)}-light-1280`);
  const found = [...(await overflow(walker)), ...(await accessibilityViolations(walker))];
  await switchTo(walker, 'dark');
  await takePicture(walker, `${pictureName(path)}-dark-1280`);
  found.push(...(await accessibilityViolations(walker, 'colour')).map((one) => `dark: ${one}`));
  await switchTo(walker, 'light');
  await walker.setViewportSize({ width: 820, height: 1180 });
  await settled(walker);
  await takePicture(walker, `${pictureName(path)}-light-820`);
  const onTablet = [...(await overflow(walker)), ...(await accessibilityViolations(walker))];
  await walker.setViewportSize({ width: 1280, height: 800 });
  return [...found, ...onTablet.map((one) => `tablet: ${one}`)];
}

/** As when the system turns dark: the console follows by itself. */
async function switchTo(walker: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await walker.emulateMedia({ colorScheme });
  await walker.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
}

async function overflow(walker: Page): Promise<string[]> {
  const pixels = await walker.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  return pixels > 0 ? [`is ${pixels} pixels too wide`] : [];
}

async function takePicture(walker: Page, name: string): Promise<void> {
  if (PICTURES !== undefined) await walker.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Every page of the menu and what is behind them, with one asset, verification and certificate of the sample hospital. */
async function pagesOf(page: Page): Promise<readonly string[]> {
  const menu = await page
    .getByRole('navigation', { name: 'Pages' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  const [asset, verification, certificate] = await page.evaluate(async () => {
    const firstOf = async (path: string) => (await (await fetch(`/api/v1${path}`)).json()).items[0]?.id;
    return [
      await firstOf('/assets?search=SAMPLE_CT1'),
      await firstOf('/verifications'),
      await firstOf('/certificates'),
    ];
  });
  return [
    ...menu,
    ...['/candidates', '/nowhere', '/files?view=policy'],
    ...['/rules?view=sets', '/rules?view=lists', '/rules/new', '/rules/1:9110006', '/rule-sets/own'],
    ...['zones', 'protocols', 'talkers', 'flows'].map((view) => `/explorer?view=${view}`),
    ...[`/assets/${asset}`, `/verifications/${verification}`, `/certificates/${certificate}`],
  ];
}

function pictureName(path: string): string {
  const [, name = '', one] = path.replace('?view=', '-').split('/');
  return `${name === '' ? 'overview' : name}${one === undefined ? '' : one === 'new' ? '-new' : '-one'}`;
}

function firstCertificate(page: Page): Promise<unknown> {
  return page.evaluate(async () => (await (await fetch('/api/v1/certificates')).json()).items[0]?.id);
}
