import { mkdir } from 'node:fs/promises';
import { startProgram } from '../program/start-program.ts';
import { accessibilityViolations, launchBrowser, makeFirstAdministrator, openWindow, settled } from './console-user.ts';

const program = await startProgram();
const browser = await launchBrowser();
await mkdir('/tmp/shots', { recursive: true });
const log: string[] = [];
try {
  const context = await openWindow(browser);
  const page = await context.newPage();
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') log.push(`${page.url()} ${m.text().slice(0, 300)}`);
  });
  page.on('pageerror', (e) => log.push(`${page.url()} ${e.message.slice(0, 400)}`));
  await page.goto(program.firstRunLink);
  await settled(page);
  await page.screenshot({ path: '/tmp/shots/first-run.png' });
  console.log('first-run', await accessibilityViolations(page));
  await makeFirstAdministrator(page, program.firstRunLink);
  await settled(page);
  await page.screenshot({ path: '/tmp/shots/overview-empty.png' });
  await page.getByRole('button', { name: 'Look around with sample traffic' }).click();
  await page.waitForTimeout(8000);
  const state = await context.storageState();
  const ids = await page.evaluate(async () => {
    const get = async (p: string) => (await (await fetch('/api/v1' + p)).json()).items[0]?.id;
    return {
      asset: await get('/assets?search=SAMPLE_CT1'),
      verification: await get('/verifications'),
      certificate: await get('/certificates'),
    };
  });
  const paths = [
    '/',
    '/assets',
    `/assets/${ids.asset}`,
    '/verifications',
    `/verifications/${ids.verification}`,
    '/certificates',
    `/certificates/${ids.certificate}`,
    '/traffic',
    '/sources',
    '/toolbox',
    '/users',
    '/settings',
    '/audit',
    '/health',
    '/nowhere',
  ];
  const only = process.argv.slice(2);
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 820],
  ] as const) {
    const ctx = await browser.newContext({
      ignoreHTTPSErrors: true,
      colorScheme: scheme,
      viewport: { width, height: width === 820 ? 1180 : 800 },
      storageState: state,
      reducedMotion: 'reduce',
    });
    const p = await ctx.newPage();
    p.on('pageerror', (e) => log.push(`${p.url()} ${e.message.slice(0, 400)}`));
    p.on('console', (m) => {
      if (m.type() === 'error' || m.type() === 'warning') log.push(`${p.url()} ${m.text().slice(0, 300)}`);
    });
    for (const path of paths) {
      const name = path === '/' ? 'overview' : path.slice(1).replace(/\/.*/, '-one');
      if (only.length > 0 && !only.includes(name)) continue;
      await p.goto(program.url + path);
      await settled(p).catch((e) => log.push(`${path} not settled ${e.message.slice(0, 100)}`));
      await p.waitForTimeout(500);
      await p.screenshot({ path: `/tmp/shots/${name}-${scheme}-${width}.png` });
      const overflow = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const v = await accessibilityViolations(p);
      console.log(
        scheme,
        width,
        path,
        overflow > 0 ? `OVERFLOW ${overflow}` : '',
        v.length === 0 ? 'clean' : v.slice(0, 6).join('\n    ').slice(0, 1800),
      );
    }
    await ctx.close();
  }
  console.log([...new Set(log)].join('\n'));
} finally {
  await browser.close();
  await program.stop();
}
