import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openPgliteStateStore } from '../state-store/pglite/pglite-state-store.ts';
import { Configuration } from './configuration.ts';
import { ProgramSettings } from './program-settings.ts';
import { defineSettings } from './setting.ts';

const DEFINITIONS = [
  ...defineSettings('', ProgramSettings),
  ...defineSettings('services.asset-inventory', z.object({ ownNetworks: z.array(z.string()).default(['10.0.0.0/8']) })),
];

describe('settings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sphinx-configuration-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const load = async (yaml: string | undefined, environment: Record<string, string> = {}) => {
    const file = join(folder, 'sphinx.yaml');
    if (yaml !== undefined) await writeFile(file, yaml);
    return Configuration.load({ definitions: DEFINITIONS, file, environment });
  };

  it('work without any file, with defaults', async () => {
    const configuration = await load(undefined);
    expect(configuration.view('server.port')).toMatchObject({ value: 8443, source: 'default' });
  });

  it('come from sphinx.yaml, and the environment wins over it', async () => {
    const configuration = await load('server:\n  port: 9000\n  host: 0.0.0.0\n', { SPHINX_SERVER_PORT: '9443' });
    expect(configuration.view('server.port')).toMatchObject({ value: 9443, source: 'environment' });
    expect(configuration.view('server.host')).toMatchObject({ value: '0.0.0.0', source: 'file' });
  });

  it('of a service are given to it as one object', async () => {
    const configuration = await load('services:\n  asset-inventory:\n    ownNetworks: [192.168.0.0/16]\n');
    expect(configuration.section('services.asset-inventory')).toEqual({ ownNetworks: ['192.168.0.0/16'] });
  });

  it('that do not fit are all named at once, with the place they stand in', async () => {
    const wrong = load('server:\n  port: many\nsevrer: 1\n');
    await expect(wrong).rejects.toThrow(/server\.port[\s\S]*sevrer/);
  });

  it('from the environment are refused when there is no such setting, as a slip of the keyboard', async () => {
    const wrong = load(undefined, { SPHINX_SERVER_PROT: '443', SPHINX_DATA: '/var/lib/sphinx', PATH: '/bin' });
    await expect(wrong).rejects.toThrow(/^SPHINX_SERVER_PROT: there is no such setting$/);
  });

  it('from the environment may look like numbers or YAML and be text', async () => {
    const configuration = await load(undefined, {
      SPHINX_SERVER_CERTIFICATE_FILE: '2026',
      SPHINX_SERVER_PRIVATE_KEY_FILE: 'keys: all',
      SPHINX_SERVICES_ASSET_INVENTORY_OWN_NETWORKS: '[10.1.0.0/16]',
    });
    expect(configuration.get('server.certificateFile')).toBe('2026');
    expect(configuration.get('server.privateKeyFile')).toBe('keys: all');
    expect(configuration.get('services.asset-inventory.ownNetworks')).toEqual(['10.1.0.0/16']);
  });

  it('that are broken YAML are refused with the reason', async () => {
    await expect(load('server: [')).rejects.toMatchObject({ code: 'SPX_SETTINGS_INVALID' });
  });

  it('changed in the console are kept, and a change can be taken back', async () => {
    const state = await openPgliteStateStore({});
    try {
      const first = await load('server:\n  port: 9000\n');
      await first.attach(state);
      await first.set({ 'retention.factDays': 30, 'server.port': 9001 });

      const second = await load('server:\n  port: 9000\n');
      await second.attach(state);
      expect(second.get('retention.factDays')).toBe(30);
      expect(second.view('server.port')).toMatchObject({ value: 9001, source: 'console' });
      await second.set({ 'server.port': null });
      expect(second.view('server.port')).toMatchObject({ value: 9000, source: 'file' });
    } finally {
      await state.close();
    }
  });

  it('pinned by the environment cannot be changed in the console, and the message says by which variable', async () => {
    const state = await openPgliteStateStore({});
    try {
      const configuration = await load(undefined, { SPHINX_SERVER_PORT: '9443' });
      await configuration.attach(state);
      await expect(configuration.set({ 'server.port': 1 })).rejects.toThrow('SPHINX_SERVER_PORT');
    } finally {
      await state.close();
    }
  });

  it('are changed all or none', async () => {
    const state = await openPgliteStateStore({});
    try {
      const configuration = await load(undefined);
      await configuration.attach(state);
      const change = configuration.set({ 'retention.factDays': 10, 'server.port': 'many' });
      await expect(change).rejects.toMatchObject({ code: 'SPX_SETTINGS_INVALID' });
      expect(configuration.get('retention.factDays')).toBe(365);
    } finally {
      await state.close();
    }
  });
});
