import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { House } from '../../services/honeypots/test-house.ts';
import { freePort } from '../probing/lab.ts';
import { run } from './clients.ts';

const CONNECTIONS = 10_000;
const AT_A_TIME = 250;
let house: House;
let dicom: number;

beforeAll(async () => {
  house = await House.open({ sessionsPerSource: 20 });
  dicom = await freePort();
  await house.decoy('pacs-archive', { 104: dicom, 80: await freePort(), 22: await freePort() });
});
afterAll(() => house.close());

/** One connection that says something and waits to be closed, or leaves after a while. */
function touch(): Promise<void> {
  return new Promise((done) => {
    const socket = connect(dicom, '127.0.0.1');
    socket.setTimeout(400, () => socket.destroy());
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    socket.on('error', () => undefined);
    socket.on('close', () => done());
    socket.resume();
  });
}

const refusedAndKept = () => Math.max(0, ...[...house.alerts.values()].map(({ count }) => count));

describe('a flood of connections', () => {
  it('leaves the service and other callers unharmed, and is one alert', async () => {
    let left = CONNECTIONS;
    const caller = async () => {
      while (left-- > 0) await touch();
    };
    const flood = Promise.all(Array.from({ length: AT_A_TIME }, caller));
    // Meanwhile the API answers.
    await house.ask('listDecoys');
    await flood;
    expect((await run('echoscu', ['127.0.0.1', String(dicom)])).status).toBe(0);
    await expect.poll(() => refusedAndKept(), { timeout: 45_000, interval: 500 }).toBeGreaterThan(CONNECTIONS / 2);
    const alerts = [...house.alerts.values()].filter(({ subjects }) => subjects[0]?.value === '127.0.0.1');
    expect(alerts).toHaveLength(1);
    const { items } = await house.ask<{ items: unknown[] }>('listDecoySessions', { query: { limit: 1000 } });
    expect(items.length).toBeLessThanOrEqual(201);
  }, 90_000);
});
