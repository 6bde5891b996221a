import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createHttpsClient } from '../../apps/sphinx/src/client/api-client.ts';
import { readLocalEndpoint } from '../../apps/sphinx/src/runtime/local-endpoint.ts';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

/** Sends lines as a program with a token does. */
async function send(source: string, ...lines: string[]): Promise<void> {
  const endpoint = await readLocalEndpoint(console.program.dataFolder);
  if (endpoint === undefined) throw new Error('SPHINX does not say where it runs');
  await createHttpsClient(endpoint).send('POST', `/logs/intake?source=${source}`, Buffer.from(lines.join('\n')));
}

const stamp = () => new Date().toISOString();
const ssh = (host: string, text: string) => `<38>1 ${stamp()} ${host} sshd 1 - - ${text}`;

describe('logs, in a real browser', () => {
  it('are found by a query, with time, values and detail, and narrowed by a click', async () => {
    await follow(page, '/logs');
    await page.getByRole('heading', { name: 'No event fits' }).waitFor();
    await send(
      'gateway',
      ...Array.from({ length: 20 }, () => ssh('gw1', 'Failed password for root from 203.0.113.7 port 4 ssh2')),
      ssh('gw2', 'Accepted publickey for k.wolf from 10.1.2.3 port 5 ssh2'),
      'nobody knows this line',
    );
    await page.getByRole('table', { name: 'Events, newest first' }).getByText('k.wolf').first().waitFor();
    await page.getByLabel('Query').fill('status:failure');
    await page.getByRole('img', { name: /^20 events/ }).waitFor();
    await page.getByLabel('Query').fill('');
    await page.getByRole('button', { name: 'k.wolf', exact: true }).click();
    await page.getByRole('img', { name: /^1 events/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: /Accepted publickey/ }).click();
    await page.getByRole('table', { name: 'Its own fields' }).getByText('publickey').waitFor();
    await picture('logs-event');
    await page.keyboard.press('Escape');
    await follow(page, '/logs');
    await page.getByRole('img', { name: /^22 events/ }).waitFor();
    await picture('logs-search');
  });

  it('are shown as they come in, and a query that cannot be meant so says where it is wrong', async () => {
    await page.getByLabel('Live').check({ force: true });
    await send('gateway', ssh('gw3', 'Accepted password for night.nurse from 10.1.2.9 port 5 ssh2'));
    await page
      .getByRole('button', { name: /night\.nurse from/ })
      .first()
      .waitFor();
    await page.getByLabel('Query').fill('(status:failure');
    await page
      .getByText(/This bracket never closes \(at character 1\)/)
      .first()
      .waitFor();
    await follow(page, '/logs');
  });

  it('hide what names a patient until somebody says why', async () => {
    await send('ehr', `{"time":"${stamp()}","user":"a.berg","action":"view","patient":"Ada-4711"}`);
    await follow(page, '/logs?query=user%3Aa.berg');
    await page.getByRole('table', { name: 'Events, newest first' }).getByRole('button').first().click();
    await page.getByText('•••').first().waitFor();
    expect(await page.content()).not.toContain('Ada-4711');
    await page.getByLabel('Why the masked values are needed').fill('complaint of the patient');
    await page.getByRole('button', { name: 'Show without mask' }).click();
    await page.getByText('Ada-4711').first().waitFor();
    await page.keyboard.press('Escape');
    await follow(page, '/audit');
    await page
      .getByText(/complaint of the patient/)
      .first()
      .waitFor();
  });

  it('raise alerts that lead to their events', async () => {
    const opened = (n: number) => `{"time":"${stamp()}","user":"c.fox","action":"view","patient":"Bob-${n}"}`;
    await send('ehr', ...Array.from({ length: 60 }, (_, n) => opened(n)));
    await follow(page, '/logs?view=alerts');
    const alert = page.getByRole('row', { name: /Very Many Records Opened by One User/ });
    await alert.getByText('user c.fox').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('logs-alerts');
    await alert.getByRole('link', { name: /Events of/ }).click();
    await page.getByRole('table', { name: 'Events, newest first' }).getByText('c.fox').first().waitFor();
  });

  it('come from sources, are judged by rules and read by formats, which all are shown', async () => {
    await follow(page, '/logs?view=sources');
    await page.getByRole('row', { name: /http\/gateway.*23.*1/ }).waitFor();
    await page
      .getByRole('table', { name: 'Archive of logs' })
      .getByText(/lines? in/)
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('logs-sources');
    await follow(page, '/logs?view=rules');
    await page.getByRole('row', { name: /Rules for hospitals/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('logs-rules');
    await follow(page, '/logs?view=formats');
    await page.getByLabel('Definition').fill('id: x');
    await page.getByRole('button', { name: 'Check and put into force' }).click();
    await page.getByText(/title/).first().waitFor();
    await page.getByRole('textbox', { name: 'Search' }).fill('OpenSSH');
    await page.getByRole('row', { name: /OpenSSH server/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Search' }).fill('');
  });

  it('of any form have a format proposed, step by step, which reads them when it is put into force', async () => {
    await follow(page, '/logs?view=formats');
    await page.getByRole('button', { name: 'From sample lines…' }).click();
    const dialog = page.getByRole('dialog', { name: 'A format from sample lines' });
    await dialog.getByLabel('Name of the format').fill('Infusion pumps');
    await dialog
      .getByLabel('Sample lines')
      .fill('PUMP 7 started by user k.wolf rate=1.5\nPUMP 9 started by user m.maier rate=22');
    await dialog.getByRole('button', { name: 'Propose a format' }).click();
    await dialog.getByText('2 lines of 2 would be read.').waitFor();
    await dialog.getByLabel('Name of rate').fill('ml_per_hour');
    await dialog.getByRole('combobox', { name: 'Column of pump' }).fill('object');
    await page.getByRole('option', { name: 'object', exact: true }).click();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('logs-wizard-fields');
    await dialog.getByRole('button', { name: 'Preview', exact: true }).click();
    await dialog.getByLabel('Definition').waitFor();
    expect(await dialog.getByLabel('Definition').inputValue()).toContain('%{NUMBER:ml_per_hour}');
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('logs-wizard-preview');
    await dialog.getByRole('button', { name: 'Put into force' }).click();
    await page.getByRole('row', { name: /Infusion pumps/ }).waitFor();
    await send('pumps', 'PUMP 12 started by user n.nurse rate=3');
    await follow(page, '/logs?query=format%3Ainfusion-pumps%20AND%20object%3A12');
    await page.getByRole('table', { name: 'Events, newest first' }).getByText('n.nurse').first().waitFor();
  });
});
