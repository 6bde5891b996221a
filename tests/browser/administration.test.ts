import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { runSphinx } from '../program/start-program.ts';
import { consoleOfThisFile, download, follow } from './console-user.ts';

const VERA = { name: 'Vera Viewer', username: 'vera', password: 'two nurses share one umbrella' };

const { console, page, folder } = await consoleOfThisFile();

const link = (name: string, on = page) => on.getByRole('link', { name, exact: true });
const button = (name: string, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const heading = (name: string, on = page) => on.getByRole('heading', { name });

describe('running SPHINX, in a real browser', () => {
  it('shows sample traffic at one click, marked as such everywhere', async () => {
    await button('Look around with sample traffic').click();
    await page.getByText('15 of these assets are a sample').waitFor();
    await follow(page, '/assets');
    await expect.poll(() => page.getByText('Sample', { exact: true }).count()).toBeGreaterThan(5);
  });

  it('hands out a certificate that it recognises again, and not after one letter has changed', async () => {
    await follow(page, '/certificates');
    await page.getByRole('table').getByRole('link').first().click();
    await heading('What it says').waitFor();
    const { name, content } = await download(page, () => link('Download').click());
    expect(name).toMatch(/\.dsse\.json$/);
    const envelope = JSON.parse(content) as { payload: string };
    const letter = envelope.payload.startsWith('A') ? 'B' : 'A';
    const genuine = join(folder, 'genuine.dsse.json');
    const forged = join(folder, 'forged.dsse.json');
    await writeFile(genuine, content);
    await writeFile(forged, JSON.stringify({ ...envelope, payload: letter + envelope.payload.slice(1) }));
    await follow(page, '/certificates');
    await page.getByLabel('Certificate file').setInputFiles(genuine);
    await page.getByText('genuine.dsse.json: It holds').waitFor();
    await page.getByLabel('Certificate file').setInputFiles(forged);
    await page.getByText('forged.dsse.json: Do not rely on it: it was tampered with').waitFor();
  });

  it('takes a certificate back for a reason: every page and the offline check say so', async () => {
    await follow(page, '/certificates?status=valid');
    await page.getByRole('table').getByRole('link').first().click();
    await heading('What it says').waitFor();
    const { content } = await download(page, () => link('Download').click());
    const file = join(folder, 'revoked.dsse.json');
    await writeFile(file, content);
    const check = () => runSphinx(['certificate', 'check', file, '--data', console.program.dataFolder]);
    expect(await check()).toMatchObject({ code: 0, output: expect.stringContaining('valid') });

    await button('Revoke').click();
    const dialog = page.getByRole('dialog');
    expect(await button('Revoke', dialog).isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('Stolen from ward three');
    await button('Revoke', dialog).click();
    await page.getByRole('alert').filter({ hasText: 'Stolen from ward three' }).waitFor();
    expect(await button('Revoke').count()).toBe(0);
    const { code, output } = await check();
    expect({ code, output }).toMatchObject({ code: 3, output: expect.stringContaining('revoked') });
    await follow(page, '/certificates?status=revoked');
    await page.getByRole('row', { name: /Revoked/ }).waitFor();
    await page.getByLabel('Certificate file').setInputFiles(file);
    await page.getByText('revoked.dsse.json: It does not hold: revoked').waitFor();
  });

  it('takes the sample and all that came of it away at one click', async () => {
    await follow(page, '/');
    await button('Remove the sample').click();
    await heading('Nothing has been seen yet').waitFor();
    await follow(page, '/verifications');
    await heading('Nothing verified yet').waitFor();
  });

  it('switches a service off at once for everybody: its page, its menu entry and its API go, and come back', async () => {
    const other = await console.newWindow();
    await other.goto(`${console.program.url}/verifications`);
    await heading('Nothing verified yet', other).waitFor();
    await follow(page, '/toolbox');
    const card = page.getByRole('region', { name: 'Device verification' });
    const onSwitch = card.getByRole('switch', { name: 'Device verification is on' });
    await onSwitch.focus();
    await page.keyboard.press('Space');
    await card.getByText('off', { exact: true }).waitFor();
    await heading('Device verification is off', other).waitFor();
    await link('Verification').waitFor({ state: 'detached' });
    await link('Certificates', other).waitFor({ state: 'detached' });
    expect(await statusOf(page, '/verifications')).toBe(404);

    await onSwitch.focus();
    await page.keyboard.press('Space');
    await card.getByText('healthy').waitFor();
    await heading('Nothing verified yet', other).waitFor();
    await link('Certificates').waitFor();
    expect(await statusOf(page, '/verifications')).toBe(200);
    await other.close();
  });

  it('watches a folder, stops, starts again and forgets it; a folder that is not there is told in words', async () => {
    await follow(page, '/sources');
    await button('Add a source').first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Where traffic comes from' }).click();
    await page.getByRole('option', { name: 'Watched folder on the server' }).click();
    await dialog.getByLabel('Path of the folder on the server').fill('/nowhere/at/all');
    await button('Add and start', dialog).click();
    await dialog.getByRole('alert').filter({ hasText: '/nowhere/at/all' }).waitFor();
    await dialog.getByLabel('Path of the folder on the server').fill(folder);
    await dialog.getByLabel('Title').fill('Captures of radiology');
    await button('Add and start', dialog).click();
    const row = page.getByRole('row', { name: /Captures of radiology/ });
    await row.getByText('Running', { exact: true }).waitFor();
    await button('Stop Captures of radiology').click();
    await row.getByText('Stopped', { exact: true }).waitFor();
    await button('Start Captures of radiology').click();
    await row.getByText('Running', { exact: true }).waitFor();
    await button('Remove Captures of radiology').click();
    await button('Remove', dialog).click();
    await row.waitFor({ state: 'detached' });
  });

  it('makes a token for a program, shows it once, and withdraws it', async () => {
    await follow(page, '/users');
    await button('Make a token').click();
    await page.getByLabel('What is it for?').fill('Dashboard of the help desk');
    await page.getByRole('combobox', { name: 'It may' }).click();
    await page.getByRole('option', { name: 'assets:read' }).click();
    await page.keyboard.press('Tab');
    await button('Make the token').click();
    const secret = (await page.getByText(/^sphinx_/).textContent()) ?? '';
    await button('Done').click();
    await page.getByText(secret).waitFor({ state: 'detached' });
    const program = (await console.newWindow('nobody yet')).context().request;
    const ask = async (path: string) =>
      (
        await program.get(`${console.program.url}/api/v1${path}`, { headers: { authorization: `Bearer ${secret}` } })
      ).status();
    expect([await ask('/assets'), await ask('/users')]).toEqual([200, 403]);
    await page.reload();
    await page.getByRole('row', { name: /Dashboard of the help desk/ }).waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    await button('Withdraw', page.getByRole('row', { name: /Dashboard of the help desk/ })).click();
    await button('Withdraw', page.getByRole('dialog')).click();
    await page.getByText('No token yet.').waitFor();
    expect(await ask('/assets')).toBe(401);
  });

  it('lets a new user in with the rights of the role and no more, and out when the account is locked', async () => {
    await button('Add a user').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(VERA.name);
    await dialog.getByLabel('User name').fill(VERA.username);
    await dialog.getByLabel('First password').first().fill(VERA.password);
    await button('Add', dialog).click();
    const row = page.getByRole('row', { name: /Vera Viewer/ });
    await row.waitFor();

    const hers = await console.newWindow('nobody yet');
    await hers.goto(`${console.program.url}/sources`);
    await hers.getByLabel('User name').fill(VERA.username);
    await hers.getByLabel('Password').first().fill(VERA.password);
    await button('Sign in', hers).click();
    await heading('This page is not open to your role', hers).waitFor();
    expect(await link('Sources', hers).count()).toBe(0);
    await follow(hers, '/assets');
    expect(await button('Import', hers).count()).toBe(0);

    await button('Lock', row).click();
    await row.getByText('locked').waitFor();
    // Without a click: what kept her page up to date has lost its rights.
    await heading('Sign in to SPHINX', hers).waitFor();
    await hers.close();
  });

  it('changes a setting and takes it back, and says where each value comes from', async () => {
    await follow(page, '/settings');
    await page.getByLabel('Find a setting').fill('refresh of known');
    const input = page.getByRole('textbox', { name: 'Refresh of known conversations' });
    await input.fill('600');
    await button('Save Refresh of known conversations').click();
    await page.getByText('set in the console').waitFor();
    await button('Take back Refresh of known conversations').click();
    await page.getByText('default', { exact: true }).waitFor();
    await expect.poll(() => input.inputValue()).toBe('300');
  });

  it('has all of it in the audit trail, whose chain is proved on the spot', async () => {
    await follow(page, '/audit');
    for (const action of ['token.create', 'user.add', 'settings.change', 'source.add'])
      await page.getByRole('cell', { name: action, exact: true }).first().waitFor();
    await button('Check that nothing was altered').click();
    await page.getByRole('status').getByText('Intact', { exact: true }).waitFor();
    await page.getByLabel('Search').fill('vera');
    await page.getByRole('row', { name: /vera/ }).first().waitFor();
    await page.getByRole('cell', { name: 'source.add', exact: true }).first().waitFor({ state: 'detached' });
  });

  it('is reached by keyboard from the first Tab on: skip link, menu, page', async () => {
    await page.goto(console.program.url);
    await heading('Overview').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await link('Health').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Health', level: 1 }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Find a page or an asset' }).waitFor();
    await page.keyboard.type('audit');
    await page.getByRole('button', { name: 'Audit trail' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit trail', level: 1 }).waitFor();
  });

  it('never made the browser complain, except of what was refused on purpose', () => {
    expect(console.faults.filter((fault) => !/status of 40[0134]/.test(fault))).toEqual([]);
  });
});

function statusOf(on: Page, path: string): Promise<number> {
  return on.evaluate(async (address) => (await fetch(`/api/v1${address}`)).status, path);
}
