import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

describe('up or down, in a real browser', () => {
  it('watches what somebody names, and nothing before', async () => {
    await follow(page, '/uptime');
    await page.getByRole('heading', { name: 'No service is watched' }).waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('Backup of the HIS');
    await page.getByRole('textbox', { name: 'What care depends on it' }).fill('every ward');
    await page.getByRole('combobox', { name: 'Check' }).click();
    await page.getByRole('option', { name: 'Backup is fresh' }).click();
    await page.getByText('When did the last backup succeed').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Watch', exact: true }).click();
    await page.getByRole('row', { name: /Backup of the HIS.*Unknown/ }).waitFor();
    await picture('uptime');
  });

  it('shows why a service is down, its budget, its time line and its history', async () => {
    await page.getByRole('link', { name: 'Backup of the HIS' }).click();
    await page.getByRole('heading', { name: 'Backup of the HIS' }).waitFor();
    const checks = page.getByRole('table', { name: 'Checks of this service' });
    const row = checks.getByRole('row', { name: /Backup is fresh/ });
    for (let time = 0; time < 3; time += 1) {
      const answered = page.waitForResponse((response) => response.url().endsWith('/check'));
      await page.getByRole('button', { name: 'Check now' }).click();
      await answered;
    }
    await row.getByText('Down').waitFor();
    await page.getByRole('row', { name: /Down.*Failure.*No backup was ever reported/ }).waitFor();
    await page.getByText(/99\.5 % available over 30 days/).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
  });

  it('takes objectives and recoveries, and holds one against the other', async () => {
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('textbox', { name: 'Back within minutes (RTO)' }).fill('60');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Back within 1 h (RTO).').waitFor();
    await page.getByRole('textbox', { name: 'Back after minutes' }).fill('90');
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByRole('row', { name: /Drill.*90 min.*missed/ }).waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('uptime-service');
  });

  it('plans maintenance, and puts back what was cancelled', async () => {
    await follow(page, '/uptime?view=maintenance');
    await page.getByRole('textbox', { name: 'Note' }).fill('new disks');
    await page.getByRole('button', { name: 'Plan' }).click();
    const row = page.getByRole('row', { name: /Every service.*new disks/ });
    await row.getByText('open').waitFor();
    await row.getByRole('button', { name: 'End now' }).click();
    await row.getByRole('button', { name: 'Put back' }).click();
    await row.getByText('open').waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await picture('uptime-maintenance');
    await follow(page, '/uptime?view=proposals');
    await page.getByRole('heading', { name: 'Nothing in use is unwatched' }).waitFor();
    expect(console.faults).toEqual([]);
  });
});
