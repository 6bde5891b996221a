import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { bytes } from '../../packages/wire/src/testing/bytes.ts';
import { conversationCapture } from '../../packages/wire/src/testing/conversation-capture.ts';
import { client } from '../../packages/wire/src/testing/play.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PUMP = { clientIp: '10.0.0.10', serverIp: '10.0.0.20', clientPort: 40_000, serverPort: 9999 };
const LAB = { ...PUMP, clientIp: '10.0.7.7' };
const rule = (word: string, sid: number, rev = 1) =>
  `alert tcp any any -> any any (msg:"The word ${word}"; content:"${word}"; sid:${sid}; rev:${rev};)`;

const { console, page, folder } = await consoleOfThisFile();

const button = (name: string, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const status = (text: string | RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor();

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** A connection in which somebody says something, read by SPHINX. */
async function see(text: string, ends = PUMP): Promise<void> {
  const name = `${text}-${ends.clientIp}.pcap`;
  const capture = await fileOf(name, conversationCapture(ends, [client(bytes(text))]));
  await follow(page, '/sources');
  await page.getByLabel('Capture files').setInputFiles(capture);
  await page.getByRole('row', { name }).getByText('Finished').waitFor();
}

describe('rules, as people manage them in a real browser', () => {
  it('come from a dropped file: first what it brings and why a rule is rejected, then they are in force', async () => {
    const file = await fileOf(
      'cert.rules',
      `${rule('wicked', 1)}\nalert tcp any any -> any any (teleport:1; sid:2;)\n`,
    );
    await follow(page, '/rules?view=sets');
    await button('Add a set').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Rule file or archive').setInputFiles(file);
    await status('1 rule new, 0 changed, 0 gone, 0 as they are, 1 rule rejected.');
    await dialog.getByText('the keyword teleport is unknown').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Title' }).fill('Rules of the CERT');
    await button('Add the set', dialog).click();
    await page
      .getByRole('row', { name: /Rules of the CERT/ })
      .getByRole('link', { name: 'See why' })
      .click();
    await page.getByRole('heading', { name: 'Rules of the CERT', level: 1 }).waitFor();
    await page.getByRole('cell', { name: 'the keyword teleport is unknown' }).waitFor();
    await page.getByRole('textbox', { name: 'Search' }).fill('nothing like it');
    await page.getByText('No rejected rule fits.').waitFor();
  });

  it('show what they found in an open window as traffic is read, with hits and cost', async () => {
    const watching = await console.newWindow();
    await watching.goto(`${console.program.url}/detections`);
    await watching.getByRole('heading', { name: 'Nothing was detected' }).waitFor();
    await see('something wicked');
    await watching.getByRole('row', { name: /The word wicked.*10\.0\.0\.10.*10\.0\.0\.20/ }).waitFor();
    await watching.getByRole('link', { name: 'The word wicked' }).click();
    await watching.getByText(/1 match, the last on/).waitFor();
    await watching.getByText(/of processor time, .* µs a look/).waitFor();
    await watching.close();
    await follow(page, '/rules?state=hit');
    await page.getByRole('row', { name: /The word wicked 1:1/ }).waitFor();
    expect(await page.getByRole('table', { name: 'Rules' }).getByRole('row').count()).toBe(2);
  });

  it('change with the next version of their set after a look at what changes, and change back', async () => {
    const next = await fileOf('next.rules', `${rule('vicious', 1, 2)}\n${rule('sly', 3)}\n`);
    await follow(page, '/rules?view=sets');
    await page.getByRole('link', { name: 'Rules of the CERT' }).click();
    await page.getByLabel('Rule file or archive').setInputFiles(next);
    await status('1 rule new, 1 changed, 0 gone');
    await page.getByText(rule('wicked', 1), { exact: true }).waitFor();
    await button('Take this version').click();
    await page.getByText('1 new, 1 changed, 0 gone', { exact: true }).waitFor();
    await button('Undo the last update').click();
    await button('Undo', page.getByRole('dialog')).click();
    await page.getByText('0 new, 1 changed, 1 gone', { exact: true }).waitFor();
    await follow(page, '/rules?search=word');
    await page.getByRole('link', { name: 'The word wicked' }).waitFor();
    expect(await page.getByRole('link', { name: 'The word sly' }).count()).toBe(0);
  });

  it('are written with what is wrong said while typing, tried on a capture, and wait switched off', async () => {
    const capture = await fileOf('trial.pcap', conversationCapture(PUMP, [client(bytes('a sly word'))]));
    await follow(page, '/rules/new');
    const text = page.getByRole('textbox', { name: 'Rule', exact: true });
    await text.fill('alert tcp any any -> any any (msg:"x"; teleport:1; sid:1000002;)');
    await page.getByText('It cannot be loaded: the keyword teleport is unknown.').waitFor();
    expect(await button('Save and switch on').isDisabled()).toBe(true);
    await text.fill(rule('sly', 1_000_002));
    await status('It can be loaded as 1:1000002: The word sly');
    await page.locator('input[type=file]').setInputFiles(capture);
    await button('Try the rule').click();
    await status(/^1 detection in \d+ packets\. It was looked at \d+ time/);
    await button('Save switched off').click();
    await page.getByText('revision 1. It is not in force.').waitFor();
    expect(await page.getByRole('switch', { name: 'On' }).isChecked()).toBe(false);
  });

  it('are kept quiet for a part of the hospital, and speak elsewhere with another severity', async () => {
    await follow(page, '/rules/1:1');
    await button('Add a part of the hospital').click();
    const quiet = page.getByRole('group', { name: 'Part 1' });
    await quiet.getByLabel('Addresses and networks').fill('10.0.0.10');
    await page.keyboard.press('Enter');
    await button('Add a part of the hospital').click();
    const loud = page.getByRole('group', { name: 'Part 2' });
    await loud.getByRole('combobox', { name: 'A match is' }).click();
    await page.getByRole('option', { name: 'told', exact: true }).click();
    await loud.getByRole('combobox', { name: 'with severity' }).click();
    await page.getByRole('option', { name: 'critical' }).click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('Save the tuning').click();
    await expect.poll(() => tuningOf(page, '1:1')).toBe(2);
    await see('wicked again');
    await see('wicked elsewhere', LAB);
    await follow(page, '/detections?severity=critical');
    await page.getByRole('row', { name: /critical The word wicked.*10\.0\.7\.7/ }).waitFor();
    await follow(page, '/detections?address=10.0.0.10');
    expect(await page.getByRole('link', { name: 'The word wicked' }).count()).toBe(1);
  });

  it('look values up in lists, which say who uses them', async () => {
    const waiting = 'alert ip any any -> any any (msg:"Known bad"; iprep:src,BadHosts,>,50; sid:20;)';
    const file = await fileOf('lists.rules', `${rule('meek', 21)}\n${waiting}\n`);
    await follow(page, '/rules?view=sets');
    await button('Add a set').click();
    await page.getByLabel('Rule file or archive').setInputFiles(file);
    await page.getByText('iprep: there is no category BadHosts').waitFor();
    await button('Add the set').click();
    await follow(page, '/rules?view=lists');
    await button('Add a list').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('BadHosts');
    await dialog.getByLabel('Or the entries themselves').fill('10.0.0.66,200');
    await button('Add the list', dialog).click();
    await dialog.getByText('200 is no score from 0 to 127').waitFor();
    await dialog.getByLabel('Or the entries themselves').fill('10.0.0.66,90');
    expect(await accessibilityViolations(page)).toEqual([]);
    await button('Add the list', dialog).click();
    const row = page.getByRole('row', { name: /BadHosts/ });
    await row.getByRole('link', { name: '1:20' }).waitFor();
    await row.getByRole('button', { name: 'Entries of BadHosts' }).click();
    await page.getByLabel('New entry').fill('10.0.0.67,60');
    await button('Add', page.getByRole('dialog')).click();
    await page.getByRole('cell', { name: '10.0.0.67', exact: true }).waitFor();
  });

  it('never made the browser complain, except of what was refused on purpose', () => {
    expect(console.faults.filter((fault) => !/status of 400/.test(fault))).toEqual([]);
  });
});

function tuningOf(on: Page, id: string): Promise<number> {
  return on.evaluate(
    async (name) => (await (await fetch(`/api/v1/rules/${name}`)).json()).tuning.adjustments.length,
    id,
  );
}
