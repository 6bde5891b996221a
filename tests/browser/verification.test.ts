import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow, settled } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page } = await consoleOfThisFile();

async function picture(name: string): Promise<void> {
  if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

const firstOf = (path: string) =>
  page.evaluate(
    async (from) => (await (await fetch(`/api/v1${from}`)).json()).items[0]?.id as string | undefined,
    path,
  );

describe('verification, in a real browser', () => {
  it('is asked for on an occasion, with what only a person can say', async () => {
    await page.getByRole('button', { name: 'Look around with sample traffic' }).click();
    await expect.poll(() => firstOf('/certificates'), { timeout: 60_000, interval: 500 }).toEqual(expect.any(String));
    const asset = await firstOf('/assets?search=SAMPLE_CT1');
    await follow(page, `/assets/${asset}`);
    await page.getByRole('button', { name: 'On an occasion …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Verify on an occasion' });
    await dialog.getByLabel('Occasion', { exact: true }).click();
    await page.getByRole('option', { name: 'Decommissioning' }).click();
    const wiped = dialog.getByRole('radiogroup', { name: /disks and memories wiped/ });
    await wiped.getByLabel('No', { exact: true }).check();
    await dialog.getByLabel('Why').fill('Scrapped, ticket 4711.');
    await picture('verify-dialog');
    expect(await accessibilityViolations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('on the occasion “Decommissioning”').waitFor();
    await page.getByText('Scrapped, ticket 4711.').first().waitFor();
    await page.getByText('Rejected').first().waitFor();
  }, 120_000);

  it('shows the requirements of laws that its checks speak of, and what is other than before', async () => {
    const verification = await firstOf('/verifications?occasion=decommissioning');
    await follow(page, `/verifications/${verification}`);
    await page.getByRole('heading', { name: 'Since the last certificate' }).waitFor();
    await page.getByRole('button', { name: /IEC 62443-4-2/ }).click();
    await page.getByRole('table', { name: /Requirements of IEC 62443-4-2/ }).waitFor();
    await settled(page);
    await picture('verification-compliance');
    expect(await accessibilityViolations(page)).toEqual([]);
  }, 60_000);

  it('gives certificates a code that opens a page for whoever has no account', async () => {
    const certificate = await firstOf('/certificates?status=valid');
    await follow(page, `/certificates/${certificate}`);
    const code = page.getByAltText('QR code of the public page of this certificate');
    await expect.poll(() => code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
    await picture('certificate-code');
    expect(await accessibilityViolations(page)).toEqual([]);
    const link = await page.getByRole('link', { name: 'page without log-in' }).getAttribute('href');
    const stranger = await console.newWindow('nobody yet');
    await stranger.goto(new URL(link ?? '', console.program.url).href);
    await stranger.getByRole('heading', { name: 'Certificate: Valid' }).waitFor();
    if (PICTURES !== undefined) await stranger.screenshot({ path: join(PICTURES, 'certificate-public.png') });
    expect(await stranger.locator('main').textContent()).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  }, 60_000);

  it('judges a product before it is bought, and says which documents are missing', async () => {
    await follow(page, '/candidates');
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a product' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'A product that somebody thinks of buying' });
    await dialog.getByLabel('Manufacturer').fill('Example Medical');
    await dialog.getByLabel('Model').fill('Pump 3');
    await dialog.getByRole('button', { name: 'Judge it' }).click();
    await page.getByText('The disclosure statement of the manufacturer (MDS2) is missing.').waitFor();
    await follow(page, '/candidates');
    await page.getByRole('link', { name: 'Example Medical Pump 3', exact: true }).waitFor();
    await picture('candidates');
    expect(await accessibilityViolations(page)).toEqual([]);
  }, 60_000);

  it('never made the browser complain', () => {
    expect(console.faults).toEqual([]);
  });
});
