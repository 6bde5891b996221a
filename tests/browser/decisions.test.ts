import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const TAMPERING = new URL('../../knowledge/playbooks/device-tampering.json', import.meta.url);

const { console, page, folder } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

describe('playbooks, in a real browser', () => {
  it('are found by what happens, and told with the patients first', async () => {
    await follow(page, '/playbooks');
    await page.getByLabel('Search').fill('told to change');
    await page.getByRole('link', { name: 'A medical device is told to change what it does' }).click();
    await page.getByText('Do not switch a running pump off', { exact: false }).waitFor();
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.getByText('Go to the patient').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('playbook-steps');
    await page.getByRole('tab', { name: 'Graph' }).click();
    await page.locator('svg rect').first().waitFor();
    await picture('playbook-graph');
    await page.getByRole('tab', { name: 'Care and effects' }).click();
    await page.getByText('Clinical lead on duty, Biomedical engineering').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('playbook-care');
  });

  it('come in when they are whole, and say what is wrong when they are not', async () => {
    const own = JSON.parse(await readFile(TAMPERING, 'utf8')) as Record<string, unknown>;
    const [broken, whole] = [join(folder, 'broken.json'), join(folder, 'own.json')];
    await writeFile(broken, JSON.stringify({ ...own, workflow_start: 'start--1' }));
    await writeFile(
      whole,
      JSON.stringify({ ...own, name: 'Pumps: our own way', modified: '2026-12-01T00:00:00.000Z' }),
    );
    await follow(page, '/playbooks');
    await page.getByRole('button', { name: 'Import a playbook' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Playbook').setInputFiles(broken);
    await dialog.getByText('at workflow_start').waitFor();
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true);
    await dialog.getByLabel('Playbook').setInputFiles(whole);
    await dialog.getByText('own.json can be carried out.').waitFor();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('row', { name: /Pumps: our own way.*own, replaces/ }).waitFor();
    await picture('playbooks');
    expect(await accessibilityViolations(page)).toEqual([]);
    expect(console.faults).toEqual([]);
  });
});
