import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accessibilityViolations } from './accessibility.ts';
import { consoleOfThisFile, follow, settled } from './console-user.ts';

const PICTURES = process.env.SPHINX_TEST_SCREENSHOTS;
const { console, page } = await consoleOfThisFile();

/** Pictures as people have their screens, on which nothing is out of reach for anybody. */
async function look(name: string): Promise<void> {
  await settled(page);
  expect(await accessibilityViolations(page)).toEqual([]);
  for (const [suffix, colorScheme, width] of [
    ['', 'light', 1280],
    ['-dark', 'dark', 1280],
    ['-tablet', 'light', 820],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    if (PICTURES !== undefined) await page.screenshot({ path: join(PICTURES, `${name}${suffix}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

/** Plans a playbook about an address that nobody knows, as a program would. @returns RUN-1 */
const plan = (playbook: string) =>
  page.evaluate(async (name) => {
    const answer = await fetch('/api/v1/response/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-sphinx-request': '1' },
      body: JSON.stringify({ playbook: name, variables: { __device_ip__: '10.20.3.7' } }),
    });
    return ((await answer.json()) as { name: string }).name;
  }, playbook);

describe('response, in a real browser', () => {
  it('says what it is for while nothing is set up, and shows the policy', async () => {
    await follow(page, '/response');
    await page.getByRole('heading', { name: 'Nothing was carried out yet' }).waitFor();
    await page.getByRole('tab', { name: 'Actuators' }).click();
    await page.getByRole('heading', { name: 'No actuator is set up' }).waitFor();
    await page.getByRole('tab', { name: 'Policy' }).click();
    await page.getByText('it keeps patients alive; no program cuts it off').first().waitFor();
    await look('response-policy');
  });

  it('plans, begins, gives people their tasks, and stops everything with one switch', async () => {
    const name = await plan('Micro-quarantine: leave a device only the flows that care needs');
    await follow(page, `/response/${name}`);
    await page
      .getByText(/No actuator can "contain device"/)
      .first()
      .waitFor();
    await look('response-plan');
    await button('Begin').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Begin' }).click();
    await page
      .getByRole('article', { name: /flows that stay/ })
      .or(page.getByText('awaiting approval'))
      .first()
      .waitFor();
    await look('response-run');
    await button('Stop everything').click();
    await page.getByLabel('Why').fill('the ward called');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop everything' }).click();
    await page.getByText('Response is stopped').waitFor();
    await follow(page, '/response');
    await look('response-stopped');
    await button('Let runs be carried out again').click();
    await button('Let them be carried out').click();
    await page.getByText(/0 runs at work/).waitFor();
    expect(console.faults).toEqual([]);
  }, 60_000);
});
