import { type EventStore, openDuckDbEventStore } from '@sphinx/platform';
import type { TelemetryRow } from '@sphinx/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LogSighting, LogWatch } from './log-watch.ts';

const QUIET = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const NEEDLES = [
  { token: 'tok_1', text: 'svc-backup-7k3f' },
  { token: 'tok_2', text: 'vpn-old-00ff11.clinic.example' },
];
let telemetry: EventStore;
let now = 1_700_000_000_000;
let needles: readonly (typeof NEEDLES)[number][] = NEEDLES;
const seen: LogSighting[] = [];
let watch: LogWatch;

beforeAll(async () => {
  telemetry = await openDuckDbEventStore({ logger: QUIET });
  watch = new LogWatch({
    telemetry,
    logger: QUIET,
    now: () => now,
    needles: () => needles,
    take: async (found) => void seen.push(...found),
  });
});
afterAll(async () => {
  watch.close();
  await telemetry.close();
});

async function write(id: string, raw: string): Promise<void> {
  const row = {
    time: now,
    logged_time: now,
    log_id: id,
    source_id: 'test',
    is_sample: false,
    format: '',
    kind: 'other',
    is_parsed: false,
    class_uid: 0,
    activity: '',
    severity: '',
    status: '',
    device_host: 'dc1',
    device_ip: '10.0.0.2',
    product: 'Directory',
    service: '',
    actor_user: '',
    target_user: '',
    src_ip: '10.0.0.77',
    src_ip_key: '',
    src_port: null,
    src_host: '',
    dst_ip: '',
    dst_ip_key: '',
    dst_port: null,
    dst_host: '',
    transport: '',
    app_name: '',
    rule_name: '',
    url: '',
    http_method: '',
    http_status: null,
    user_agent: '',
    file_name: '',
    process_name: '',
    command_line: '',
    object: '',
    event_code: '',
    bytes_out: null,
    bytes_in: null,
    message: raw,
    fields: '{}',
    raw,
  };
  telemetry.append('log_activity', [row as TelemetryRow<'log_activity'>]);
  await telemetry.flush();
}

describe('planted values in logs', () => {
  it('are found in new lines, in capitals or not, once a line', async () => {
    now += 1000;
    await write('log_1', 'An account failed to log on. Account Name: SVC-Backup-7k3f');
    await write('log_2', 'nothing of interest');
    await watch.look();
    now += 1000;
    await watch.look();
    expect(seen.map(({ token, row }) => [token, row.log_id, row.src_ip])).toEqual([['tok_1', 'log_1', '10.0.0.77']]);
  });

  it('are looked for no longer when nothing is planted', async () => {
    needles = [];
    now += 1000;
    await write('log_3', 'query vpn-old-00ff11.clinic.example');
    await watch.look();
    expect(seen).toHaveLength(1);
    needles = NEEDLES;
    await watch.look();
    expect(seen.map(({ token }) => token)).toEqual(['tok_1', 'tok_2']);
  });
});
