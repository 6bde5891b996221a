import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const RECORD = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: 'CVE-2017-17562', state: 'PUBLISHED', datePublished: '2017-12-12T19:00:00.000Z' },
  containers: {
    cna: {
      providerMetadata: { shortName: 'maker', orgId: '00000000-0000-4000-8000-000000000000' },
      title: 'Environment of CGI programs is taken from the request',
      descriptions: [{ lang: 'en', value: 'A request can name variables that load a library of the attacker.' }],
      affected: [
        {
          vendor: 'EmbedThis',
          product: 'GoAhead',
          defaultStatus: 'unaffected',
          versions: [{ version: '2.5.0', lessThan: '3.6.5', status: 'affected', versionType: 'semver' }],
        },
      ],
      metrics: [
        {
          cvssV3_1: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L',
            baseScore: 5.6,
            baseSeverity: 'MEDIUM',
          },
        },
      ],
      references: [{ url: 'https://example.org/advisory' }],
    },
  },
};
const KNOWN_EXPLOITED = {
  title: 'CISA Catalog of Known Exploited Vulnerabilities',
  catalogVersion: '2026.11.30',
  dateReleased: '2026-11-30T08:00:00.000Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: 'CVE-2017-17562',
      vendorProject: 'Embedthis',
      product: 'GoAhead',
      vulnerabilityName: 'Embedthis GoAhead Remote Code Execution',
      dateAdded: '2026-11-29',
      shortDescription: 'Invented for this test.',
      requiredAction: 'Update.',
      dueDate: '2026-12-20',
      knownRansomwareCampaignUse: 'Known',
      notes: '',
      cwes: [],
    },
  ],
};

const { console, page, folder } = await consoleOfThisFile();

const button = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('row', { name });
const status = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).first().waitFor();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

async function bring(name: string, content: object): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  await follow(page, '/feeds');
  await page.getByLabel('Files of feeds').setInputFiles(path);
  await status(/: 1 added/);
}

/** A device with a web page. */
async function seeWebPage(): Promise<void> {
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
}

describe('weaknesses, as people work on them in a real browser', () => {
  it('say what is missing while no device is known', async () => {
    await follow(page, '/weaknesses');
    await page.getByRole('heading', { name: 'No device has been compared yet' }).waitFor();
    await picture('weaknesses-empty');
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('appear by themselves for devices and advisories that come, with what they rest on', async () => {
    await bring('CVE-2017-17562.json', RECORD);
    await bring('kev.json', KNOWN_EXPLOITED);
    await seeWebPage();
    await follow(page, '/weaknesses');
    const found = row(/CVE-2017-17562/);
    await found.getByText('known to be exploited', { exact: true }).waitFor();
    await picture('weaknesses');
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('tell what would be left if some were fixed', async () => {
    await page.getByLabel('What if CVE-2017-17562 were fixed').click();
    await row('All 1 0').waitFor();
    await picture('weaknesses-what-if');
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('Choose none').click();
  });

  it('say of one who has it, why, and what the sources tell', async () => {
    await page.getByRole('link', { name: 'CVE-2017-17562', exact: true }).click();
    await page.getByText("It is on CISA's list").waitFor();
    const devices = page.getByRole('table', { name: /^Devices with this weakness/ });
    await devices.getByText('EmbedThis GoAhead 3.6.0').waitFor();
    await page.getByText('A request can name variables that load a library of the attacker.').waitFor();
    await picture('weakness');
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('are settled with a reason, kept in a history, and the change is taken back again', async () => {
    const devices = page.getByRole('table', { name: /^Devices with this weakness/ });
    await devices.getByRole('checkbox').first().click();
    await button('Settle for 1 chosen').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('False positive').click();
    await dialog.getByLabel('Why').fill('CGI is off on this device.');
    await picture('weakness-settle');
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('Settle', dialog).click();
    await devices.getByText('False positive').waitFor();
    await devices
      .getByRole('button', { name: /^Details of / })
      .first()
      .click();
    const drawer = page.getByRole('dialog', { name: 'One device' });
    await drawer.getByText(/ada.*: settled/i).waitFor();
    await picture('weakness-device');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await button('Undo').click();
    await expect.poll(() => devices.getByText('False positive').count()).toBe(0);
  });

  it('are accepted only until a day, with a signature', async () => {
    await button('Settle for all devices').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Risk accepted').click();
    await dialog.getByLabel('Why').fill('Replaced in spring.');
    await dialog
      .getByLabel('Looked at again on')
      .fill(new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
    await button('Accept and sign', dialog).click();
    const devices = page.getByRole('table', { name: /^Devices with this weakness/ });
    await expect.poll(() => devices.getByText('Risk accepted').count()).toBe(1);
    await follow(page, '/weaknesses?view=exceptions');
    const exception = row(/CVE-2017-17562/);
    await exception.getByText('Replaced in spring.').waitFor();
    await exception.getByText('signed', { exact: true }).waitFor();
    await picture('weaknesses-exceptions');
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('End', exception).click();
    await button('Open it again', page.getByRole('dialog')).click();
    await page.getByRole('heading', { name: 'No exception' }).waitFor();
    await follow(page, '/weaknesses/CVE-2017-17562');
    await expect.poll(() => devices.getByText('Risk accepted').count()).toBe(0);
  });

  it('stand on the page of the device, in groups, in what changed, and in how it is decided', async () => {
    await page
      .getByRole('table', { name: /^Devices with this weakness/ })
      .getByRole('link')
      .first()
      .click();
    await page.getByRole('table', { name: 'Weaknesses, most urgent first' }).getByText('CVE-2017-17562').waitFor();
    await picture('asset-weaknesses');
    expect(await accessibilityViolations(page)).toEqual([]);
    for (const view of ['groups', 'changes', 'decision']) {
      await follow(page, `/weaknesses?view=${view}`);
      await picture(`weaknesses-${view}`);
      expect(await accessibilityViolations(page)).toEqual([]);
    }
  });

  it('are printed for the board', async () => {
    await follow(page, '/weaknesses/report');
    await page.getByText(/1 device of \d+ that were compared/).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    await picture('weakness-report');
    await page.emulateMedia({ media: 'screen' });
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(console.faults).toEqual([]);
  });
});
