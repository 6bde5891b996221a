import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationsCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client, server } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, download, follow } from './console-user.ts';

const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const PROGRAM = bytes('MZ', new Uint8Array(58), 64, 0, 0, 0, 'PE', 0, 0, new Uint8Array(90_000).fill(7));
const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const ILSE = { name: 'Ilse IT', username: 'ilse', password: 'three spoons of quiet tea', role: 'it-operator' };

const { console, page, folder } = await consoleOfThisFile();

const row = (name: string | RegExp, on = page) => on.getByRole('row', { name });
const rowCount = async () => (await page.getByRole('table', { name: 'Files' }).getByRole('row').count()) - 1;
const openedFile = (on = page) => on.getByRole('dialog', { name: 'One file' });

/** A server of the ward gives files to a workstation. */
async function fetched(...files: readonly { readonly path: string; readonly content: Uint8Array }[]): Promise<void> {
  const conversations = files.map(({ path, content }, index) => ({
    ends: { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000 + index, serverPort: 80 },
    turns: [
      client(bytes(`GET ${path} HTTP/1.1\r\nHost: ward\r\n\r\n`)),
      server(bytes(`HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n`, content)),
    ],
  }));
  const name = `${files[0]?.path.replaceAll(/\W/g, '')}.pcap`;
  const capture = join(folder, name);
  await writeFile(capture, conversationsCapture(conversations));
  await follow(page, '/sources');
  await page.getByLabel('Capture files').setInputFiles(capture);
  await row(name).getByText('Finished').waitFor();
}

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

async function changeSetting(name: string, value: unknown): Promise<void> {
  const body = JSON.stringify({ [`services.traffic-monitoring.${name}`]: value });
  const isChanged = await page.evaluate(async (text) => {
    const headers = { 'x-sphinx-request': '1', 'content-type': 'application/json' };
    return (await fetch('/api/v1/settings', { method: 'PATCH', headers, body: text })).ok;
  }, body);
  expect(isChanged).toBe(true);
}

describe('files that crossed the network, in a real browser', () => {
  it('appear in an open window while traffic is read, each with its type, both ends and what matched', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/files`);
    await watching.getByRole('heading', { name: 'No files yet' }).waitFor();
    await fetched(
      { path: '/tools/check.com', content: bytes(EICAR) },
      { path: '/Mustermann_Erika.pdf', content: PROGRAM },
      { path: '/notes.txt', content: bytes('Clean the filter every Monday.') },
    );
    await row(/check\.com.*text.*68 B.*10\.0\.0\.20:80.*10\.0\.0\.10.*http.*EICAR Test File.*kept/, watching).waitFor();
    await row(/\*\.pdf.*PE32 executable.*Not what its name says.*90.* kB/, watching).waitFor();
    expect(await watching.getByText('Mustermann').count()).toBe(0);
    await watching.close();
  }, 60_000);

  it('are narrowed, put in order and searched from the keyboard, all of it in the address, and taken along', async () => {
    await follow(page, '/files');
    await row(/notes/)
      .or(row(/\*\.txt/))
      .first()
      .waitFor();
    expect(await rowCount()).toBe(3);
    await picture('files-light-1280');
    await page.getByRole('button', { name: 'Size' }).click();
    await expect
      .poll(() => page.getByRole('table', { name: 'Files' }).getByRole('row').nth(1).textContent())
      .toMatch(/30 B/);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('size');
    await page.getByRole('switch', { name: 'Not what its name says' }).click();
    await page.getByRole('status').filter({ hasText: '1 file fits' }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(rowCount).toBe(3);
    await page.locator('body').press('/');
    await page.keyboard.type('EICAR');
    await expect.poll(rowCount).toBe(1);
    expect(new URL(page.url()).searchParams.get('search')).toBe('EICAR');
    const { name, content } = await download(page, () => page.getByRole('button', { name: 'CSV' }).click());
    expect(name).toBe('files.csv');
    expect(content).toContain('44d88612fea8a8f36de82e1278abb02f');
    expect(content.trim().split('\r\n')).toHaveLength(2);
    await page.getByRole('textbox', { name: 'Search' }).fill('nothing like it');
    await page.getByRole('heading', { name: 'No file fits' }).waitFor();
  }, 60_000);

  it('open to what they are and what a match means; their content comes after a warning, and on record', async () => {
    await follow(page, '/files?verdict=matched');
    expect(await page.getByRole('textbox', { name: 'Search' }).inputValue()).toBe('');
    await page.getByRole('link', { name: 'check.com: open this file' }).focus();
    await page.keyboard.press('Enter');
    const file = openedFile();
    await file.getByText('EICAR anti-malware test file').waitFor();
    await file.getByText('Harmless by agreement; shows that scanning works.').waitFor();
    await file.getByText(/\.com: .*executable/).waitFor();
    await file.getByText(/^Kept encrypted since .* until .* at the latest/).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await file.getByRole('button', { name: 'Copy MD5' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('44d88612fea8a8f36de82e1278abb02f');
    await picture('files-one-light-1280');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture('files-one-dark-1280');
    expect(await accessibilityViolations(page, 'colour')).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await file.getByRole('button', { name: 'Download content' }).click();
    const question = page.getByRole('dialog', { name: 'Download what may be malware?' });
    await question.getByText(/recorded with your name/).waitFor();
    const taken = await download(page, () => question.getByRole('button', { name: 'Download' }).click());
    expect(taken.name).toMatch(/\.bin$/);
    expect(taken.content).toBe(EICAR);
    await question.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await file.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('file')).toBeNull();
    await follow(page, '/audit');
    await page.getByRole('cell', { name: 'file.download', exact: true }).first().waitFor();
  }, 60_000);

  it('lead to the flow that they came with, and from the detection that they caused', async () => {
    await follow(page, '/detections');
    await page.getByRole('link', { name: /EICAR anti-malware test file/ }).click();
    await openedFile().getByRole('link', { name: 'Open the flow' }).click();
    await page
      .getByRole('dialog', { name: 'One flow' })
      .getByText(/10\.0\.0\.10:40000/)
      .first()
      .waitFor();
  });

  it('say why content is not there, and whose role may not take it sees no way to it', async () => {
    await page.evaluate(async (body) => {
      const headers = { 'x-sphinx-request': '1', 'content-type': 'application/json' };
      await fetch('/api/v1/users', { method: 'POST', headers, body });
    }, JSON.stringify(ILSE));
    const other = await console.newWindow('nobody yet');
    await other.goto(`${console.program.url}/files`);
    await other.getByLabel('User name').fill(ILSE.username);
    await other.getByLabel('Password').first().fill(ILSE.password);
    await other.getByRole('button', { name: 'Sign in' }).click();
    await other.getByRole('link', { name: 'check.com: open this file' }).click();
    await openedFile(other).getByText('Administrators and security officers may download it.').waitFor();
    expect(await other.getByRole('button', { name: 'Download content' }).count()).toBe(0);
    await other.close();
    await follow(page, '/files?type=text&verdict=clean');
    await page.getByRole('link', { name: /open this file/ }).click();
    await openedFile()
      .getByText(/It is not kept: only what policy names is/)
      .waitFor();
    await page.keyboard.press('Escape');
    await follow(page, '/files?file=fil_gone');
    await openedFile().getByText('It is not stored any more.').waitFor();
    await page.keyboard.press('Escape');
  }, 60_000);

  it('are treated as a policy says that anybody can read, with the rules in force, and change with the settings', async () => {
    await follow(page, '/files?view=policy');
    await page.getByText(/The first 16 MB of every file are scanned with \d+ YARA rules/).waitFor();
    await page
      .getByText(
        /Content is kept of files that match a YARA rule or that a rule asks to keep\. Clinical content is never kept\./,
      )
      .waitFor();
    await page.getByText('At the moment 1 file with 68 B is kept.').waitFor();
    await page.getByRole('table', { name: 'YARA rules in force' }).getByText('Text that asks for money').waitFor();
    await picture('files-policy-light-1280');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Settings of files' }).click();
    await page.getByRole('combobox', { name: 'Files to keep' }).click();
    await page.getByRole('option', { name: 'none' }).click();
    await page.getByRole('button', { name: 'Save Files to keep' }).click();
    await page.getByText('Files to keep is changed.').waitFor();
    await follow(page, '/files?view=policy');
    await page.getByText(/No content is kept\. Clinical content is never kept\./).waitFor();
    await changeSetting('followsFiles', false);
    await page.getByText('Files are not followed: nothing is hashed, scanned or kept.').waitFor();
    await follow(page, '/files?search=nothing');
    await page.getByRole('heading', { name: 'No file fits' }).waitFor();
    // What was asked for before signing in, what is gone, and a service while it starts anew, were refused as they should be.
    expect(console.faults.filter((fault) => !/status of 40[14]/.test(fault))).toEqual([]);
  }, 60_000);
});
