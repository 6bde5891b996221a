import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow, settled } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page, folder } = await consoleOfThisFile();

const button = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('row', { name });

/** Pictures as people have their screens, on which nothing is out of reach for anybody. */
async function look(name: string): Promise<void> {
  await settled(page);
  expect(await accessibilityViolations(page)).toEqual([]);
  for (const [suffix, colorScheme, width] of [
    ['', 'light', 1280],
    ['-dark', 'dark', 1280],
    ['-tablet', 'light', 820],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (colorScheme === 'dark') expect(await accessibilityViolations(page, 'colour')).toEqual([]);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}${suffix}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function choose(label: string, words: string, option: RegExp): Promise<void> {
  const field = page.getByLabel(label, { exact: true }).first();
  await field.click();
  await field.fill(words);
  await page.getByRole('option', { name: option }).first().click();
}

describe('probing, in a real browser', () => {
  it('is off until somebody switches it on, and says where', async () => {
    await button('Look around with sample traffic').click();
    await page.getByText('15 of these assets are a sample').waitFor({ timeout: 90_000 });
    await follow(page, '/probing');
    await page.getByRole('heading', { name: 'Active probing is off' }).waitFor();
    await look('probing-off');
    await page.evaluate(() =>
      fetch('/api/v1/services/active-probing', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'x-sphinx-request': '1' },
        body: JSON.stringify({ isEnabled: true }),
      }),
    );
    await follow(page, '/probing');
    await page.getByText('No device is being asked.').waitFor();
    await page.getByRole('heading', { name: 'Choose a device' }).waitFor();
    await look('probing');
  }, 120_000);

  it('says in words what would be sent to a device, to which ports and how much, and sends nothing', async () => {
    await choose('Device', 'SAMPLE_CT1', /SAMPLE_CT1/);
    await page.getByText('It may not be asked now').waitFor();
    await page.getByText(/falls under “/).waitFor();
    await look('probing-preview');
    await follow(page, '/probing?view=record');
    await page.getByRole('heading', { name: 'Nothing was sent' }).waitFor();
  }, 60_000);

  it('lists for a device of the hospital every question with its ports, before anybody agrees', async () => {
    const ends = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 80 };
    const turns = [
      client(bytes('GET / HTTP/1.1\r\nHost: ward\r\n\r\n')),
      server(bytes('HTTP/1.1 200 OK\r\nServer: GoAhead/3.6.0\r\nContent-Length: 2\r\n\r\nOK')),
    ];
    const capture = join(folder, 'web.pcap');
    await writeFile(capture, conversationCapture(ends, turns));
    await follow(page, '/sources');
    await page.getByLabel('Capture files').setInputFiles(capture);
    await row('web.pcap').getByText('Finished').waitFor();
    await follow(page, '/probing');
    await choose('Device', '10.0.0.20', /10\.0\.0\.20/);
    await page.getByText(/asks for the agreement of a person, and there is none/).waitFor();
    const steps = page.getByRole('table', { name: 'What would be sent, in its order' });
    await row(/^Web page/, steps)
      .getByText(/\b80\b/)
      .waitFor();
    await look('probing-steps');
  }, 60_000);

  it('tells for every class what may be asked, when, how fast, and who must agree', async () => {
    await follow(page, '/probing?view=policies');
    const card = page.getByRole('article').filter({ hasText: 'Devices that examine patients' });
    await card.getByText('Only after a person has agreed, for a time.').waitFor();
    await card.getByText(/between 20:00 and 06:00/).waitFor();
    await card.getByText(/At most 5 packets a second/).waitFor();
    await look('probing-policies');
    await follow(page, '/probing?view=probes');
    await page.getByLabel('Search probes').fill('dicom');
    await row(/dicom-echo/).waitFor();
    await look('probing-probes');
  }, 60_000);

  it('keeps who agreed to what, until when, and takes it back', async () => {
    await follow(page, '/probing?view=agreements');
    await page.getByRole('heading', { name: 'Nobody has agreed to anything' }).waitFor();
    await follow(page, '/probing');
    await choose('Device', 'SAMPLE_CT1', /SAMPLE_CT1/);
    await button('Agree to probes …').click();
    const dialog = page.getByRole('dialog', { name: /^Agree to probes of/ });
    await dialog.getByLabel('Note').fill('On the bench.');
    await look('probing-agree');
    await button('Agree', dialog).click();
    await follow(page, '/probing?view=agreements');
    await row(/On the bench/)
      .getByText('ada')
      .waitFor();
    await look('probing-agreements');
    await button('Withdraw').click();
    await button('Withdraw', page.getByRole('dialog')).click();
    await row(/On the bench/)
      .getByText('over')
      .waitFor();
  }, 60_000);

  it('is stopped by one switch for everybody, until somebody lets it run again', async () => {
    const other = await console.newWindow();
    await other.goto(`${console.program.url}/probing?view=policies`);
    await other.getByText('No device is being asked.').waitFor();
    await button('Stop everything').click();
    const dialog = page.getByRole('dialog', { name: 'Stop all probes' });
    await dialog.getByLabel('Why').fill('A monitor on ward three restarted.');
    await look('probing-stop');
    await button('Stop everything', dialog).click();
    await page.getByText(/A monitor on ward three restarted\. \(ada,/).waitFor();
    await other.getByText(/A monitor on ward three restarted/).waitFor();
    await look('probing-stopped');
    await button('Let probes run again').click();
    await button('Let them run', page.getByRole('dialog')).click();
    await page.getByText('No device is being asked.').waitFor();
  }, 60_000);

  it('puts what was refused on record, with the reason', async () => {
    await page.evaluate(async () => {
      const { items } = await (await fetch('/api/v1/assets?limit=1&search=SAMPLE_CT1')).json();
      await fetch('/api/v1/probe-runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sphinx-request': '1' },
        body: JSON.stringify({ target: items[0].id }),
      });
    });
    await follow(page, '/probing?view=record');
    await row(/Refused/)
      .getByText('ada')
      .waitFor();
    await look('probing-record');
  }, 60_000);
});

describe('the access gate, in a real browser', () => {
  it('says that it only watches, and what would follow from each verdict', async () => {
    await follow(page, '/gate');
    await page.getByText('The gate watches').waitFor();
    const latest = page.getByRole('table', { name: 'Decisions, newest first' }).getByRole('row').nth(1);
    await latest.getByText('its verdict changed').waitFor();
    await latest.getByText(/^The verdict on /).waitFor();
    await look('gate');
    await follow(page, '/gate?view=policy');
    await row('Rejected into quarantine none is named: it is refused').waitFor();
    await page.getByText('devices that keep a patient alive', { exact: true }).waitFor();
    await look('gate-policy');
  }, 60_000);

  it('tells what a switch would be answered for a device, and why', async () => {
    await follow(page, '/gate?view=try');
    await page.getByLabel('Or a hardware address').fill('00:11:22:33:44:55');
    await page.getByText('00:11:22:33:44:55: let in as usual').waitFor();
    await page.getByText('No device with this address is known.').waitFor();
    await look('gate-try');
  }, 60_000);

  it('knows the switches that may ask, and never shows their secrets', async () => {
    await follow(page, '/gate?view=adapters');
    await button('Let a switch ask').click();
    const dialog = page.getByRole('dialog', { name: 'Let a switch ask' });
    await dialog.getByLabel('Name').fill('Ward three');
    await dialog.getByLabel('IP address from which it asks').fill('10.9.9.9');
    await dialog.getByLabel('Shared secret').first().fill('long enough for a switch');
    await look('gate-add-switch');
    await button('Let it ask', dialog).click();
    await row(/Ward three/)
      .getByText('10.9.9.9')
      .waitFor();
    await look('gate-adapters');
    expect(await page.locator('main').textContent()).not.toContain('long enough');
    await button('Remove').click();
    await button('Remove', page.getByRole('dialog')).click();
    await page.getByRole('heading', { name: 'No switch may ask yet' }).waitFor();
    expect(console.faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
  }, 60_000);
});
