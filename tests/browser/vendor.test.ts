import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runSphinx } from '../program/start-program.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow, PASSWORD, settled } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const MAKER = 'Acme Medical';
/** Every version of the pump has it. */
const RECORD = {
  dataType: 'CVE_RECORD',
  dataVersion: '5.1',
  cveMetadata: { cveId: 'CVE-2026-4711', state: 'PUBLISHED', datePublished: '2026-01-12T19:00:00.000Z' },
  containers: {
    cna: {
      providerMetadata: { shortName: 'acme', orgId: '00000000-0000-4000-8000-000000000000' },
      title: 'The service port takes commands from anybody',
      descriptions: [{ lang: 'en', value: 'Invented for this test.' }],
      affected: [{ vendor: MAKER, product: 'Pump One', defaultStatus: 'affected' }],
      metrics: [
        {
          cvssV3_1: {
            version: '3.1',
            vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
            baseScore: 9.8,
            baseSeverity: 'CRITICAL',
          },
        },
      ],
      references: [{ url: 'https://example.org/advisory' }],
    },
  },
};
const VEX = {
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://acme.example/vex/1',
  author: MAKER,
  timestamp: '2026-01-20T00:00:00Z',
  version: 1,
  statements: [
    {
      vulnerability: { name: 'CVE-2026-4711' },
      products: [{ '@id': 'pkg:generic/pump-one' }],
      status: 'not_affected',
      justification: 'vulnerable_code_not_present',
      impact_statement: 'This series has no service port.',
    },
  ],
};
const BILL = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'device', name: 'Pump One', version: '3.0', 'bom-ref': 'pump' } },
  components: [{ type: 'library', name: 'openssl', version: '3.0.1', purl: 'pkg:generic/openssl@3.0.1' }],
};

const { console, page, folder } = await consoleOfThisFile();
const vendor = await console.newWindow('nobody yet');

const button = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('row', { name });

/** Pictures as people have their screens: light, dark, and light on a tablet; nothing on them is out of reach for anybody. */
async function look(name: string, on: Page = page): Promise<void> {
  expect(await accessibilityViolations(on)).toEqual([]);
  for (const [suffix, colorScheme, width] of [
    ['', 'light', 1280],
    ['-dark', 'dark', 1280],
    ['-tablet', 'light', 820],
  ] as const) {
    await on.emulateMedia({ colorScheme });
    await on.setViewportSize({ width, height: 800 });
    expect(await on.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (colorScheme === 'dark') expect(await accessibilityViolations(on, 'colour')).toEqual([]);
    if (PICTURES !== undefined) await on.screenshot({ path: join(PICTURES, `${name}${suffix}.png`), fullPage: true });
  }
  await on.emulateMedia({ colorScheme: 'light' });
  await on.setViewportSize({ width: 1280, height: 800 });
}

/** A browser also tells of answers that refuse: a file that is none, nobody being signed in yet, and a token that asks for more. */
const faults = () => console.faults.filter((fault) => !/status of 40[013]/.test(fault));

async function fileOf(name: string, content: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, JSON.stringify(content));
  return path;
}

/** Says of a device of the sample who made it, as a person does on its page. */
async function nameDevice(search: string, facts: object): Promise<void> {
  await page.evaluate(
    async ([words, body]) => {
      const { items } = await (await fetch(`/api/v1/assets?limit=1&search=${words}`)).json();
      await fetch(`/api/v1/assets/${items[0].id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'x-sphinx-request': '1' },
        body: JSON.stringify({ facts: body }),
      });
    },
    [search, facts] as const,
  );
}

async function send(name: string, content: object, model: string): Promise<void> {
  await button('Send a document', vendor).click();
  const dialog = vendor.getByRole('dialog', { name: 'Send a document' });
  await dialog.getByLabel('Document').setInputFiles(await fileOf(name, content));
  await dialog.getByLabel('Model').fill(model);
  await vendor.keyboard.press('Escape');
  await dialog.getByLabel('Note to the hospital').fill('From our product security team.');
  await button('Send', dialog).click();
}

describe('a vendor, in a real browser', () => {
  it('gets an account for its makers from an administrator', async () => {
    await button('Look around with sample traffic').click();
    await page.getByText('15 of these assets are a sample').waitFor({ timeout: 90_000 });
    await nameDevice('SAMPLE_CT1', { manufacturer: MAKER, model: 'Pump One', serial: 'SN-4711' });
    await follow(page, '/feeds');
    await page.getByLabel('Files of feeds').setInputFiles(await fileOf('CVE-2026-4711.json', RECORD));
    await page
      .getByRole('status')
      .filter({ hasText: /: 1 added/ })
      .first()
      .waitFor();
    await follow(page, '/users');
    await button('Add a user').click();
    const dialog = page.getByRole('dialog', { name: 'Add a user' });
    await dialog.getByLabel('Name').first().fill('Acme product security');
    await dialog.getByLabel('User name').fill('acme');
    await dialog.getByLabel('Role').click();
    await page.getByRole('option', { name: 'Vendor' }).click();
    await dialog.getByLabel('Makers').fill(MAKER);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('First password').fill(PASSWORD);
    await look('vendor-account');
    await button('Add', dialog).click();
    await page.getByRole('link', { name: `See what ${MAKER} sees` }).waitFor();
    await look('users');
  }, 120_000);

  it('comes to its own devices when it signs in, and to nothing else', async () => {
    await vendor.goto(console.program.url);
    await vendor.getByLabel('User name').fill('acme');
    await vendor.getByLabel('Password').first().fill(PASSWORD);
    await button('Sign in', vendor).click();
    await vendor.getByRole('heading', { name: 'Your devices', level: 1 }).waitFor();
    await row(/Pump One/, vendor)
      .getByText('SN-4711')
      .waitFor();
    expect(await row(/./, vendor).count()).toBe(2);
    const menu = vendor.getByRole('navigation', { name: 'Pages' });
    expect(await menu.getByRole('link').allTextContents()).toEqual(['Your devices']);
    await look('vendor-devices', vendor);
    for (const path of ['/assets', '/weaknesses', '/software', '/users', '/audit']) {
      await follow(vendor, path);
      await vendor.getByRole('heading', { name: 'This page is not open to your role' }).waitFor();
    }
  }, 60_000);

  it('reads the report on a device, which tells nothing of the hospital', async () => {
    await follow(vendor, '/vendor');
    await vendor.getByRole('link', { name: `${MAKER} Pump One` }).click();
    await vendor.getByRole('heading', { name: 'What failed and what to do' }).waitFor();
    await look('vendor-device', vendor);
    const text = (await vendor.locator('main').textContent()) ?? '';
    expect(text).not.toMatch(/SAMPLE_CT1|\b10\.\d+\.\d+\.\d+/);
    const printed = vendor.waitForEvent('popup');
    await vendor.getByRole('link', { name: 'To print' }).click();
    const report = await printed;
    await report.getByRole('heading', { name: `Verification of ${MAKER} Pump One` }).waitFor();
    expect(await report.locator('main').textContent()).not.toMatch(/SAMPLE_CT1|\b10\.\d+\.\d+\.\d+/);
    await report.close();
  }, 60_000);

  it('sees weaknesses of its devices, and sends what it has to say', async () => {
    await follow(vendor, '/vendor?view=weaknesses');
    await row(/CVE-2026-4711/, vendor)
      .getByText('critical')
      .waitFor();
    await look('vendor-weaknesses', vendor);
    await follow(vendor, '/vendor?view=documents');
    await look('vendor-documents-empty', vendor);
    await send('pump.vex.json', VEX, 'Pump One');
    await row(/pump\.vex\.json/, vendor)
      .getByText('Waits for a decision')
      .waitFor();
    await send('pump.cdx.json', BILL, 'Pump One');
    await row(/pump\.cdx\.json/, vendor)
      .getByText('Waits for a decision')
      .waitFor();
    await look('vendor-documents', vendor);
  }, 60_000);

  it('gives its program a token, which reads and sends the same and nothing else', async () => {
    await follow(vendor, '/vendor?view=account');
    await button('Make a token', vendor).click();
    const dialog = vendor.getByRole('dialog', { name: 'Make a token' });
    await dialog.getByLabel('What is it for?').fill('Build server');
    await dialog.getByRole('combobox', { name: 'It may' }).click();
    for (const scope of ['vendor:read', 'vendor:upload']) await vendor.getByRole('option', { name: scope }).click();
    await vendor.keyboard.press('Escape');
    await button('Make the token', dialog).click();
    const secret = (await dialog.locator('pre').textContent()) ?? '';
    await look('vendor-token', vendor);
    await button('Done', dialog).click();
    const ask = (path: string, sent: object = {}) =>
      vendor.evaluate(
        async ([to, token, init]) => {
          const headers = { authorization: `Bearer ${token}` };
          const answer = await fetch(`/api/v1${to}`, { ...init, headers, credentials: 'omit' });
          return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() };
        },
        [path, secret, sent] as const,
      );
    expect((await ask('/vendor/devices')).body.items).toMatchObject([{ maker: MAKER, model: 'Pump One' }]);
    const sent = {
      method: 'POST',
      body: JSON.stringify({ ...BILL, serialNumber: 'urn:uuid:1b6d7c2e-0d6c-4f0e-9b7a-3f1f5f8f9a11' }),
    };
    const taken = await ask('/vendor/submissions?fileName=built.cdx.json&model=Pump%20One', sent);
    expect(taken.status).toBe(201);
    expect((await ask(`/vendor/submissions/${taken.body.id}`, { method: 'DELETE' })).status).toBe(204);
    for (const path of ['/assets', '/users', '/vendor/devices?maker=Philips'])
      expect((await ask(path)).status).toBe(403);
    await button('Withdraw', vendor).click();
    await vendor.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
    await vendor.getByText('No token yet').waitFor();
    expect((await ask('/vendor/devices')).status).toBe(401);
    await follow(vendor, '/vendor?view=documents');
  }, 60_000);

  it('is told why a file is not taken', async () => {
    await send('nothing.json', { hello: 'hospital' }, 'Pump One');
    const dialog = vendor.getByRole('dialog', { name: 'Send a document' });
    await dialog
      .getByRole('alert')
      .getByText(/Send an SBOM/)
      .waitFor();
    await button('Cancel', dialog).click();
    expect(faults()).toEqual([]);
  }, 60_000);
});

describe('the hospital, in a real browser', () => {
  it('sees what a claim would change, and accepts it in words', async () => {
    await follow(page, '/software?view=vendors');
    await page.getByRole('tab', { name: 'From vendors (2 waiting)' }).waitFor();
    await look('software-vendors');
    await button('Details of pump.vex.json').click();
    const drawer = page.getByRole('dialog', { name: 'A document of a vendor' });
    await drawer.getByText('Weaknesses that would no longer stand, since the vendor says so').waitFor();
    await drawer.getByText(/This series has no service port/).waitFor();
    await look('software-vendor-document');
    expect(await button('Accept', drawer).isDisabled()).toBe(true);
    await drawer.getByLabel('Your decision in words').fill('Confirmed on a device in the workshop.');
    await button('Accept', drawer).click();
    await drawer.getByText(/by ada: Confirmed/).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => row(/CVE-2026-4711/).count()).toBe(0);
  }, 60_000);

  it('shows the claim as a claim, with who accepted it', async () => {
    await follow(page, '/weaknesses/CVE-2026-4711');
    await page
      .getByText(new RegExp(`Claim of ${MAKER}, accepted by ada`))
      .first()
      .waitFor();
    await settled(page);
    await look('weakness-claim');
    await follow(vendor, '/vendor?view=weaknesses');
    await expect.poll(() => row(/CVE-2026-4711/, vendor).count()).toBe(0);
    await follow(vendor, '/vendor?view=documents');
    await row(/pump\.vex\.json/, vendor)
      .getByText('Confirmed on a device in the workshop.')
      .waitFor();
    expect(await vendor.locator('main').textContent()).not.toMatch(/\bada\b/);
  }, 60_000);

  it('takes a claim back, and the weakness stands again', async () => {
    await follow(page, '/software?view=vendors');
    await page.getByText('Accepted', { exact: true }).click();
    await button('Details of pump.vex.json').click();
    const drawer = page.getByRole('dialog', { name: 'A document of a vendor' });
    await drawer.getByLabel('Why it is taken back').fill('The series was mixed up.');
    await button('Take back', drawer).click();
    await drawer.getByText('Withdrawn').waitFor();
    await page.keyboard.press('Escape');
    await follow(page, '/weaknesses');
    await row(/CVE-2026-4711/).waitFor();
  }, 60_000);

  it('looks at the same through the eyes of the vendor', async () => {
    await follow(page, '/vendor');
    await page.getByRole('heading', { name: 'Choose a maker' }).waitFor();
    await page.getByLabel('Maker', { exact: true }).first().click();
    await page.getByRole('option', { name: MAKER }).click();
    await row(/Pump One/)
      .getByText('SN-4711')
      .waitFor();
    await look('vendor-seen-by-house');
  }, 60_000);

  it('decides on the command line as well', async () => {
    const run = (...words: string[]) => runSphinx(['submissions', ...words, '--data', console.program.dataFolder]);
    const waiting = await run('list', '--json');
    const [bill] = JSON.parse(waiting.output) as { id: string; fileName: string }[];
    expect(bill?.fileName).toBe('pump.cdx.json');
    const shown = await run('show', bill?.id ?? '');
    expect(shown.output).toContain('Software: 1 new, 0 gone');
    const refused = await run('refuse', bill?.id ?? '', '--reason', 'It is of another series.');
    expect(refused.output).toContain('It is of another series.');
    await follow(vendor, '/vendor?view=documents');
    await row(/pump\.cdx\.json/, vendor)
      .getByText('It is of another series.')
      .waitFor();
  }, 60_000);

  it('imports lists itself: what would change first, then the change, and back', async () => {
    await follow(page, '/software');
    await look('software-empty');
    await button('Import a list').first().click();
    const dialog = page.getByRole('dialog', { name: 'Import a list of software' });
    await dialog.getByLabel('List of software').setInputFiles(await fileOf('pump.cdx.json', BILL));
    await dialog
      .getByRole('alert')
      .getByText(/does not say which device it is about/)
      .waitFor();
    await dialog.getByText('A model', { exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Manufacturer' }).fill(MAKER);
    await dialog.getByRole('textbox', { name: 'Model' }).fill('Pump One');
    await button('See what would change', dialog).click();
    await dialog.getByText('1 component: 1 new, 0 gone').waitFor();
    await look('software-preview');
    await button('Take it in', dialog).click();
    await row(/pump\.cdx\.json/).waitFor();
    await look('software-imports');
    await button('Details of pump.cdx.json').click();
    await page.getByRole('dialog', { name: 'One import' }).getByRole('table', { name: 'What changed' }).waitFor();
    await look('software-import');
    await page.keyboard.press('Escape');
    await button('Undo').click();
    await button('Take back', page.getByRole('dialog')).click();
    await page.getByRole('heading', { name: 'No list was imported' }).waitFor();
    expect(faults()).toEqual([]);
  }, 60_000);
});
