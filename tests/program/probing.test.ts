import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAssetId } from '../../apps/sphinx/src/client/find-asset.ts';
import { openRunningClient } from '../../apps/sphinx/src/client/open-client.ts';
import { resolvePaths } from '../../apps/sphinx/src/runtime/paths.ts';
import { EXIT } from '../../apps/sphinx/src/terminal/output.ts';
import { Cable, WITHOUT_NAMESPACES } from '../probing/cable.ts';
import { Lab } from '../probing/lab.ts';
import { runSphinx, type StartedProgram, startProgram } from './start-program.ts';

// As a hospital uses it: SPHINX as it is started, a device at the end of a cable, everything by the command line.

interface Run {
  readonly state: string;
  readonly reason: string;
  readonly probes: readonly string[];
}

describe.skipIf(WITHOUT_NAMESPACES !== '')(`probing by the command line ${WITHOUT_NAMESPACES}`, () => {
  const lab = new Lab();
  let cable: Cable;
  let program: StartedProgram;

  beforeAll(async () => {
    cable = Cable.open();
    const redis = ['--port', '6379', '--bind', cable.deviceIp, '--protected-mode', 'no', '--save', ''];
    await lab.start(...cable.onDevice('redis-server', ...redis), 0);
    const configured = await lab.folder({
      'vsftpd.conf': `listen=YES\nbackground=NO\nlisten_address=${cable.deviceIp}\nseccomp_sandbox=NO\nanonymous_enable=NO\nlocal_enable=YES\n`,
    });
    await lab.start(...cable.onDevice('/usr/sbin/vsftpd', `${configured}/vsftpd.conf`), 0);
    await cable.listens('tcp', 6379);
    await cable.listens('tcp', 21);
    program = await startProgram();
  }, 120_000);
  afterAll(async () => {
    await program?.stop();
    await lab.stop();
    cable.close();
  }, 30_000);

  async function sphinx(...parameters: readonly string[]): Promise<{ code: number | null; output: string }> {
    const { code, output, errors } = await runSphinx([...parameters, '--data', program.dataFolder]);
    if (code !== EXIT.ok && code !== EXIT.negative) throw new Error(`sphinx ${parameters.join(' ')}: ${errors}`);
    return { code, output };
  }

  async function told<Answer>(...parameters: readonly string[]): Promise<Answer> {
    return JSON.parse((await sphinx(...parameters, '--json')).output) as Answer;
  }

  const probe = (...options: readonly string[]) => told<Run>('probe', cable.deviceIp, ...options);

  it('asks nobody before the service is on and a person has agreed', async () => {
    await expect(sphinx('probe', cable.deviceIp)).rejects.toThrow(/switched off/);
    await sphinx('services', 'enable', 'active-probing');
    const { code, output } = await sphinx('probe', cable.deviceIp, '--json');
    expect(code).toBe(EXIT.negative);
    expect(JSON.parse(output)).toMatchObject({ state: 'refused', reason: expect.stringContaining('agreement') });
    expect(await told('probes', 'log')).toEqual([]);
  }, 60_000);

  it('has what it finds out judged: the device gets a verdict that says it', async () => {
    await sphinx('probes', 'approve', cable.deviceIp, '--hours', '1');
    const run = await probe('--only', 'redis-access', 'ftp-greeting');
    expect(run).toMatchObject({ state: 'completed', probes: expect.arrayContaining(['redis-access', 'ftp-greeting']) });
    const verdict = await verdictOn(cable.deviceIp);
    expect(verdict).toMatchObject({ verdict: 'rejected' });
    expect(JSON.stringify(verdict)).toContain('data-store-password');
    const log = await told<{ ip: string; direction: string; probe: string }[]>('probes', 'log', '--ip', cable.deviceIp);
    expect(new Set(log.map((row) => row.probe))).toEqual(
      new Set(['tcp-port', 'response-time', 'redis-access', 'ftp-greeting']),
    );
  }, 120_000);

  /** Waits for the verdict that rests on what the probes found out. */
  async function verdictOn(target: string): Promise<{ verdict: string }> {
    for (let tries = 0; ; tries += 1) {
      const verdict = await told<{ verdict: string }>('verify', target);
      if (JSON.stringify(verdict).includes('data-store-password') || tries > 10) return verdict;
    }
  }

  it('asks nobody while the kill switch is on, and somebody again when it is off', async () => {
    await sphinx('probes', 'stop', 'an alarm on ward 3');
    expect(await probe()).toMatchObject({ state: 'refused', reason: 'Probing is stopped: an alarm on ward 3' });
    const { code, output } = await sphinx('probes', 'runs', '--json');
    expect(code).toBe(EXIT.negative);
    expect(JSON.parse(output)).toMatchObject({ stop: { reason: 'an alarm on ward 3' } });
    await sphinx('probes', 'resume');
    expect(await probe('--only', 'ftp-greeting')).toMatchObject({ state: 'completed' });
  }, 120_000);

  it('has nmap ask where that is switched on and the policy allows it, and keeps what it finds out', async () => {
    expect(await probe('--engine', 'nmap')).toMatchObject({ reason: expect.stringContaining('does not allow nmap') });
    await isKnownAs('file-server', 'none');
    expect(await probe('--engine', 'nmap')).toMatchObject({ reason: expect.stringContaining('isNmapAllowed') });
    await sphinx('config', 'set', 'services.active-probing.isNmapAllowed', 'true');
    const run = await probe('--engine', 'nmap');
    expect(run).toMatchObject({ state: 'completed', probes: ['tcp-port', 'nmap'] });
    const log = await told<{ probe: string; what: string; direction: string }[]>(
      'probes',
      'log',
      '--ip',
      cable.deviceIp,
    );
    expect(log.some(({ probe: by, what }) => by === 'nmap' && what.startsWith('nmap question'))).toBe(true);
    const asset = JSON.stringify(await told('asset', cable.deviceIp));
    expect(asset).toMatch(/report\.service/);
    expect(asset).toMatch(/vsftpd \d/);
  }, 180_000);

  /** A person states what it is, as in the console. */
  async function isKnownAs(kind: string, patientSafetyClass: string): Promise<void> {
    const client = await openRunningClient(resolvePaths({ data: program.dataFolder }));
    const id = await findAssetId(client, cable.deviceIp);
    await client.send('PATCH', `/assets/${id}`, { facts: { kind, patientSafetyClass } });
    await client.close();
    for (let tries = 0; tries < 20; tries += 1) {
      const preview = await told<{ kind?: string }>('probe', cable.deviceIp, '--dry-run');
      if (preview.kind === kind) return;
    }
  }
});
