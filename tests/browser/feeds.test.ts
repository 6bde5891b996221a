import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const KNOWN_EXPLOITED = {
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2026.11.30',
  dateReleased: '2026-11-30T08:00:00.000Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: 'CVE-2019-0708',
      vendorProject: 'Microsoft',
      product: 'Remote Desktop Services',
      vulnerabilityName: 'Microsoft Remote Desktop Services Remote Code Execution Vulnerability',
      dateAdded: '2021-11-03',
      shortDescription: 'Known as BlueKeep.',
      requiredAction: 'Apply updates per vendor instructions.',
      dueDate: '2022-05-03',
      knownRansomwareCampaignUse: 'Known',
      notes: '',
      cwes: ['CWE-416'],
    },
  ],
};
const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;

const { console, page, folder } = await consoleOfThisFile();

const button = (name: string, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (name: string | RegExp) => page.getByRole('row', { name });
const status = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function bring(name: string, content: string | Buffer): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, content);
  await page.getByLabel('Files of feeds').setInputFiles(path);
}

describe('feeds, as people look after them in a real browser', () => {
  it('ask nothing of the internet until somebody switches one on', async () => {
    await follow(page, '/feeds');
    const switches = page.getByRole('switch');
    await switches.first().waitFor();
    expect(await switches.count()).toBeGreaterThan(15);
    for (const one of await switches.all()) expect(await one.isChecked()).toBe(false);
    expect(await button('Update all that are on').isDisabled()).toBe(true);
    await picture('feeds-empty');
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('take a file by its content, and say what it brought', async () => {
    await bring('kev.json', JSON.stringify(KNOWN_EXPLOITED));
    await status(/Known Exploited.*: 1 added/i);
    await row(/Known Exploited/i)
      .getByText('Up to date')
      .waitFor();
    await picture('feeds-taken');
  });

  it('change nothing for a file that is broken, and say where it is', async () => {
    await bring('kev-broken.json', JSON.stringify(KNOWN_EXPLOITED).replace('"CVE-2019-0708"', '42'));
    await page.getByRole('alert').filter({ hasText: 'kev-broken.json' }).filter({ hasText: 'cveID' }).waitFor();
    await row(/Known Exploited/i)
      .getByText('Up to date')
      .waitFor();
    await picture('feeds-broken');
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('go back to what was there before', async () => {
    await button('Known Exploited Vulnerabilities', row(/Known Exploited/i)).click();
    const drawer = page.getByRole('dialog', { name: 'One feed' });
    await drawer.getByText('1 entry, from the file kev.json').waitFor();
    await picture('feed');
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('Undo the last change', drawer).click();
    await drawer.getByText('Nothing yet.', { exact: true }).waitFor();
    await button('Undo the last change', drawer).click();
    await drawer.getByText('1 entry, from the file kev.json').waitFor();
    await page.keyboard.press('Escape');
  });

  it('are packed into a signed bundle, which is refused when one bit of it has changed', async () => {
    await page.getByRole('tab', { name: 'Bundles for sites without internet' }).click();
    await button('Pack and sign').click();
    const link = page.getByRole('link', { name: /^Download / });
    await link.waitFor();
    await picture('feeds-bundles');
    expect(await accessibilityViolations(page)).toEqual([]);
    const [saved] = await Promise.all([page.waitForEvent('download'), link.click()]);
    const bundle = await readFile(await saved.path());
    await page.getByRole('tab', { name: 'Feeds', exact: true }).click();
    const changed = Buffer.from(bundle);
    changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1);
    await bring('changed.zip', changed);
    await page.getByRole('alert').filter({ hasText: 'changed.zip' }).waitFor();
    await bring('bundle.zip', bundle);
    await status(/Known Exploited.*: nothing new/i);
    expect(console.faults).toEqual([]);
  });
});
