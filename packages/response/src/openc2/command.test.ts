import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OpenC2Command, targetTypeOf } from './command.ts';

const PLAYBOOKS = new URL('../../../../knowledge/playbooks/', import.meta.url);
/** What a run puts in place of the variables. */
const VALUES: Readonly<Record<string, string>> = {
  __device_ip__: '192.0.2.7',
  __device_mac__: '00:09:fb:01:02:03',
  __hostile_address__: '198.51.100.9',
  __hostile_name__: 'update.example',
  __account__: 'j.doe',
  __process__: 'locker.exe',
  __file_hash__: 'ab'.repeat(32),
};

function commandsOf(file: string): unknown[] {
  const { workflow } = JSON.parse(readFileSync(new URL(file, PLAYBOOKS), 'utf8')) as {
    workflow: Record<string, { commands?: { type: string; content_b64?: string }[] }>;
  };
  return Object.values(workflow)
    .flatMap(({ commands }) => commands ?? [])
    .filter(({ type }) => type === 'openc2-http')
    .map(({ content_b64 }) => Buffer.from(content_b64 ?? '', 'base64').toString())
    .map((text) => JSON.parse(text.replaceAll(/(__\w+__):value/g, (_, name: string) => VALUES[name] ?? '')));
}

describe('a command of OpenC2', () => {
  const commands = readdirSync(PLAYBOOKS)
    .filter((file) => file.endsWith('.json'))
    .flatMap(commandsOf);

  it('is read in every playbook that SPHINX brings', () => {
    expect(commands.length).toBeGreaterThan(100);
    for (const command of commands) expect(() => OpenC2Command.parse(command), JSON.stringify(command)).not.toThrow();
  });

  it('has exactly one target, which is named by its type', () => {
    expect(targetTypeOf(OpenC2Command.parse({ action: 'deny', target: { domain_name: 'update.example' } }))).toBe(
      'domain_name',
    );
    expect(OpenC2Command.safeParse({ action: 'deny', target: {} }).success).toBe(false);
    expect(
      OpenC2Command.safeParse({ action: 'deny', target: { domain_name: 'a.example', ipv4_net: '192.0.2.1' } }).success,
    ).toBe(false);
  });

  it('is refused, not guessed at, where something in it is unknown', () => {
    expect(OpenC2Command.safeParse({ action: 'explode', target: { ipv4_net: '192.0.2.1' } }).success).toBe(false);
    expect(OpenC2Command.safeParse({ action: 'deny', target: { ipv4_net: '192.0.2.1; reboot' } }).success).toBe(false);
    expect(
      OpenC2Command.safeParse({ action: 'deny', target: { ipv4_net: '192.0.2.1' }, args: { force: true } }).success,
    ).toBe(false);
  });

  it('is read or refused whatever it holds', () => {
    fc.assert(fc.property(fc.anything(), (value) => typeof OpenC2Command.safeParse(value).success === 'boolean'));
  });
});
