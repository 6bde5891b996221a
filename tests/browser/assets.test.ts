import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { writeSampleCapture } from '../../services/traffic-monitoring/sample/write-sample-capture.ts';
import { consoleOfThisFile, download, follow, settled } from './console-user.ts';

const { console, page, folder } = await consoleOfThisFile();

const link = (name: string) => page.getByRole('link', { name, exact: true });
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const fitting = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();

describe('assets, as people work with them in a real browser', () => {
  it('appear in an open window as soon as somebody drops a capture in another, without a reload', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/assets`);
    await watching.getByRole('heading', { name: 'No assets yet' }).waitFor();
    await watching.evaluate(() => Object.assign(window, { wasNotReloaded: true }));

    const capture = join(folder, 'night.pcap');
    await writeSampleCapture(capture, Date.now());
    await follow(page, '/sources');
    await drop(page, 'Capture files', { name: 'night.pcap', content: await readFile(capture) });
    await page.getByText(/night\.pcap .*sent, now being read/).waitFor();
    await page
      .getByRole('row', { name: /night\.pcap/ })
      .getByText('Finished')
      .waitFor();

    await watching.getByRole('link', { name: 'infusion-pump-icu-3' }).waitFor();
    await watching
      .getByRole('row', { name: /infusion-pump-icu-3/ })
      .getByText('Rejected')
      .waitFor();
    expect(await watching.evaluate(() => 'wasNotReloaded' in window)).toBe(true);
    await watching.close();
  });

  it('are found by a few letters and by filters, which the address keeps', async () => {
    await follow(page, '/assets');
    await page.getByRole('textbox', { name: 'Search' }).fill('icu-3');
    await fitting('2 assets fit the filters');
    await page.reload();
    await fitting('2 assets fit the filters');
    await button('Clear filters').click();
    await fitting('15 assets');
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: /^CT scanner/ }).click();
    await fitting('1 asset fits the filters');
    expect(new URL(page.url()).search).toBe('?kind=ct-scanner');
  });

  it('are shown with the columns that somebody wants, and a saved view brings all of it back', async () => {
    await button('Columns').click();
    await page.getByRole('checkbox', { name: 'Model' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Model' }).waitFor();
    await button('Views').click();
    await page.getByRole('textbox', { name: 'Save the present view as' }).fill('Scanners with model');
    await button('Save').click();
    await page.getByText('Saved as “Scanners with model”.', { exact: false }).waitFor();

    await follow(page, '/assets');
    await fitting('15 assets');
    expect(await page.getByRole('columnheader', { name: 'Model' }).count()).toBe(0);
    await button('Views').click();
    await link('Scanners with model').click();
    await fitting('1 asset fits the filters');
    await page.getByRole('columnheader', { name: 'Model' }).waitFor();
  });

  it('are walked, chosen and opened by keyboard alone', async () => {
    await follow(page, '/assets');
    await link('analyser.hospital.example').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedText(page)).toBe('bms-controller-1');
    await page.keyboard.press('Space');
    await fitting('1 selected');
    await page.keyboard.press('End');
    await expect.poll(() => focusedText(page)).toBe('us-1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'us-1', level: 1 }).waitFor();

    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Find a page or an asset' }).fill('SAMPLE_CT1');
    await page.getByRole('button', { name: /SAMPLE_CT1/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'SAMPLE_CT1', level: 1 }).waitFor();
    // What was opened is read from its start.
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
  });

  it('are renamed and pinned, and each is taken back by one click', async () => {
    await openAsset(page, 'camera-entrance');
    await button('Rename').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Camera at the north gate');
    await page.getByRole('dialog').getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('heading', { name: 'Camera at the north gate', level: 1 }).waitFor();
    await button('Pin as confirmed').click();
    await page.getByText('Confirmed by a person.').waitFor();
    await button('Undo the last change').click();
    await button('Pin as confirmed').waitFor();
    await button('Undo the last change').click();
    await page.getByRole('heading', { name: 'camera-entrance', level: 1 }).waitFor();
  });

  it('are merged when they are one device, and split again when they are two; each is taken back', async () => {
    await follow(page, '/assets');
    for (const name of ['printer-ward-2', 'NURSE-WS-7'])
      await page.getByLabel(`Select ${name}`, { exact: true }).check();
    await button('Merge').click();
    await page.getByRole('radio', { name: 'printer-ward-2' }).check();
    await page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true }).click();
    await page.getByRole('heading', { name: 'printer-ward-2', level: 1 }).waitFor();
    await page.getByText('Merged', { exact: true }).waitFor();
    expect(await countAssets(page)).toBe(14);

    const merged = new URL(page.url()).pathname;
    await button('More actions').click();
    await page.getByRole('menuitem', { name: 'Split into two assets' }).click();
    await page.getByRole('checkbox').first().check();
    await page.getByRole('dialog').getByRole('button', { name: 'Split', exact: true }).click();
    // The console leads to the device that was split off.
    await page.waitForURL((url) => url.pathname !== merged);
    await expect.poll(() => countAssets(page)).toBe(15);
    await follow(page, merged);
    await button('Undo the last change').click();
    await expect.poll(() => countAssets(page)).toBe(14);
    await page.getByText('Taken back', { exact: true }).waitFor();
    await button('Undo the last change').click();
    await expect.poll(() => countAssets(page)).toBe(15);
  });

  it('that have one network card say why they cannot be split', async () => {
    await openAsset(page, 'us-1');
    await button('More actions').click();
    await page.getByRole('menuitem', { name: 'Split into two assets' }).click();
    await page.getByText('It cannot be split: everything that is known of it was seen on one network card').waitFor();
    await page.keyboard.press('Escape');
  });

  it('learn from an equipment list: first what would change, then the change, and the export carries it', async () => {
    const list = join(folder, 'cmms.csv');
    await writeFile(
      list,
      'hostname,ip,department,room\nSAMPLE_CT1,10.20.2.21,Radiology 2,K 014\n,10.99.0.7,Theatre,OP 3\n,8.8.8.8,Nobody,-\n',
    );
    await follow(page, '/assets');
    await button('Import').click();
    await page.getByLabel('Equipment list, CSV or JSON').setInputFiles(list);
    await fitting(/cmms\.csv: 1 to change, \d to create, 0 as they are/);
    expect(await page.getByRole('dialog').getByRole('row', { name: /K 014/ }).textContent()).toContain(
      'unknown → K 014',
    );
    expect(await countAssets(page)).toBe(15);
    await button(/^Apply \d changes$/).click();
    await page.getByText('1 changed, 1 created, 1 skipped.', { exact: false }).waitFor();
    await page.getByRole('dialog').getByText('Close', { exact: true }).click();
    await link('10.99.0.7').waitFor();

    await button('Export').click();
    const all = await download(page, () => page.getByRole('menuitem', { name: 'All assets as CSV' }).click());
    expect(all.name).toBe('assets.csv');
    expect(all.content.split('\r\n').find((line) => line.includes('10.20.2.21'))).toContain('K 014');
    await page.getByRole('textbox', { name: 'Search' }).fill('icu-3');
    await fitting('2 assets fit the filters');
    await button('Export').click();
    const shown = await download(page, () => page.getByRole('menuitem', { name: 'This list as CSV' }).click());
    expect(shown.content.trim().split('\r\n')).toHaveLength(3);
  });

  it('talk to one another, and their traffic is explored: by time with arrow keys, by care transaction, flow by flow', async () => {
    await follow(page, '/explorer');
    const table = page.getByRole('table', { name: 'Care transactions, busiest way first' });
    await table.getByRole('row', { name: /SAMPLE_CT1.*pacs\.hospital\.example.*C-STORE/ }).waitFor();
    const begin = page.getByRole('slider', { name: 'Begin of the chosen time' });
    await begin.focus();
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
    await fitting(/^from .* until /);
    expect(new URL(page.url()).searchParams.get('from')).toMatch(/^\d{13}$/);
    await button('Show all').click();
    await fitting('at any time.');

    await page.getByRole('tab', { name: 'Flows' }).click();
    await page.getByRole('combobox', { name: 'Protocol' }).click();
    await page.getByRole('option', { name: 'dicom' }).click();
    await page.waitForURL(/protocol=dicom/);
    await settled(page);
    await page.getByRole('link', { name: 'dicom (tcp): open this flow' }).first().click();
    const flow = page.getByRole('dialog', { name: 'One flow' });
    await flow.getByText('operation: C-STORE').first().waitFor();
    expect(await flow.textContent()).not.toContain('NOBODY');
    await page.keyboard.press('Escape');
    await flow.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?view=flows&protocol=dicom');
  });

  it('are many and the page stays light: only the rows in sight exist, and the last is one key away', async () => {
    const rows = Array.from(
      { length: 600 },
      (_, row) => `10.98.${row >> 8}.${row & 255},Zz-${String(row).padStart(3, '0')}`,
    );
    const content = ['ip,name', ...rows].join('\n');
    expect(await page.evaluate(importCsv, content)).toMatchObject({ create: 600, skip: 0 });
    await follow(page, '/assets');
    await fitting('616 assets');
    const rowsInPage = () => page.locator('tr[data-index]').count();
    expect(await rowsInPage()).toBeLessThan(60);
    await page.locator('tr[data-index] a').first().focus();
    await page.keyboard.press('End');
    await expect.poll(() => focusedText(page), { timeout: 20_000 }).toBe('Zz-599');
    expect(await rowsInPage()).toBeLessThan(60);
    await page.getByRole('textbox', { name: 'Search' }).fill('zz-57');
    await fitting('10 assets fit the filters');
  });

  it('never made the browser complain', () => {
    expect(console.faults).toEqual([]);
  });
});

/** Drops a file on a drop zone, as from the file manager. */
async function drop(on: Page, zone: string, file: { name: string; content: Buffer }): Promise<void> {
  const dataTransfer = await on.evaluateHandle(
    ({ name, base64 }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name));
      return transfer;
    },
    { name: file.name, base64: file.content.toString('base64') },
  );
  await on.getByLabel(zone).locator('..').dispatchEvent('drop', { dataTransfer });
}

async function openAsset(on: Page, name: string): Promise<void> {
  await follow(on, `/assets?search=${encodeURIComponent(name)}`);
  await on.getByRole('link', { name, exact: true }).click();
  await on.getByRole('heading', { name, level: 1 }).waitFor();
  await settled(on);
}

async function importCsv(content: string): Promise<unknown> {
  const headers = { 'x-sphinx-request': '1', 'content-type': 'application/json' };
  const body = JSON.stringify({ format: 'csv', content });
  return (await (await fetch('/api/v1/assets/import', { method: 'POST', headers, body })).json()).totals;
}

function countAssets(on: Page): Promise<number> {
  return on.evaluate(async () => (await (await fetch('/api/v1/assets/summary')).json()).total);
}

function focusedText(on: Page): Promise<string | null | undefined> {
  return on.evaluate(() => document.activeElement?.textContent);
}
