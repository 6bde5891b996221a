import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ApiClient, createHttpsClient } from '../../../apps/sphinx/src/client/api-client.ts';
import { readLocalEndpoint } from '../../../apps/sphinx/src/runtime/local-endpoint.ts';
import type { Hospital } from '../hospital/hospital.ts';
import { MIRROR, ROUTER } from '../hospital/network.ts';
import { DECOY_IP, PLACES, SPHINX_IP, ZONES } from '../hospital/places.ts';
import { People } from './people.ts';
import { restorePlaybook } from './restore-documents.ts';

// SPHINX beside the hospital: the program as a hospital starts it, on a new data folder, with a mirror port, the logs of the
// servers, the networks and the list of devices. What it finds, decides and does goes through its API, as the console's does.

const LAUNCHER = fileURLToPath(new URL('../../../apps/sphinx/bin/sphinx.js', import.meta.url));
const START_LIMIT_MS = 120_000;
const POLL_MS = 150;

export interface FoundIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: string;
  readonly openedAt: number;
  readonly analytics: readonly { readonly id: string; readonly title: string }[];
  readonly assets: readonly {
    readonly assetId: string;
    readonly name: string;
    readonly role: string;
    readonly patientSafetyClass: string | null;
  }[];
  readonly addresses: readonly string[];
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly playbook: string | null;
}

export class Sphinx {
  readonly api: ApiClient;
  /** Absent where nothing is carried out: the service for it is not there. */
  readonly people: People | undefined;
  readonly #stop: () => Promise<void>;

  private constructor(api: ApiClient, people: People | undefined, stop: () => Promise<void>) {
    this.api = api;
    this.people = people;
    this.#stop = stop;
  }

  /** Starts the program and tells it of the hospital. @throws Error with what it said when it does not start */
  static async start(dataFolder: string, hospital: Hospital): Promise<Sphinx> {
    const child = spawn(process.execPath, [LAUNCHER, 'start', '--port', '8443', '--json', '--data', dataFolder], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString()).slice(-20_000);
      });
    }
    for (const since = Date.now(); ; await pause(POLL_MS)) {
      const endpoint = await readLocalEndpoint(dataFolder);
      if (endpoint !== undefined) {
        const api = createHttpsClient(endpoint);
        await tellOfHospital(api);
        const { items } = await api.send<{ items: { id: string }[] }>('GET', '/services?limit=100');
        const mayAct = items.some(({ id }) => id === 'response-recovery');
        if (mayAct) await giveMeans(api, hospital);
        return new Sphinx(api, mayAct ? await People.hire(api, endpoint) : undefined, async () => {
          const ended = once(child, 'exit');
          child.kill('SIGTERM');
          await ended;
        });
      }
      if (child.exitCode !== null || Date.now() - since > START_LIMIT_MS)
        throw new Error(`SPHINX did not start: ${said}`);
    }
  }

  /** @returns open incidents that one of the addresses or names has to do with, and that began after the time */
  async incidentsOf(names: readonly string[], since: number): Promise<FoundIncident[]> {
    const { items } = await this.api.send<{ items: FoundIncident[] }>('GET', '/incidents?attention=incident&limit=100');
    return items.filter(
      ({ openedAt, assets, addresses }) =>
        openedAt >= since &&
        (assets.some(({ name }) => names.includes(name)) || addresses.some((address) => names.includes(address))),
    );
  }

  /** @returns courses of action of an incident, the first the best; undefined while there are none */
  async courses(incident: string): Promise<readonly Course[] | undefined> {
    try {
      const { courses } = await this.api.send<{ courses: Course[] }>('GET', `/decision-subjects/${incident}`);
      return courses;
    } catch {
      return undefined;
    }
  }

  async choose(incident: string, course: string): Promise<void> {
    await this.api.send('POST', `/decision-subjects/${incident}/decision`, { course, reason: 'Drill' });
  }

  /** @returns kinds of evidence that are kept of an incident */
  async evidence(incident: string): Promise<string[]> {
    const { items } = await this.api.send<{ items: { kind: string }[] }>('GET', `/incidents/${incident}/evidence`);
    return [...new Set(items.map(({ kind }) => kind))].sort();
  }

  /** What was an attack is one: later ones are incidents of their own. */
  async close(incident: string): Promise<void> {
    await this.api.send('POST', `/incidents/${incident}/close`, { verdict: 'true', note: 'Drill' });
  }

  async stop(): Promise<void> {
    await this.#stop();
  }
}

/** Networks, mirror port, logs, a decoy, and the hospital's list of devices. */
async function tellOfHospital(api: ApiClient): Promise<void> {
  const zones = Object.values(ZONES).flatMap(({ network, zone }) => (zone === null ? [] : [[`${network}.0/24`, zone]]));
  await api.send('PATCH', '/settings', {
    'services.asset-inventory.zones': Object.fromEntries(zones),
    'services.log-collection.listenAddress': SPHINX_IP,
    'services.log-collection.syslogUdpPort': 5514,
    'services.traffic-monitoring.packetBufferMegabytes': 256,
  });
  const devices = Object.values(PLACES).filter(({ kind }) => kind !== null);
  const rows = devices.map(({ name, ip, mac, kind }) => ({ name, ip, mac, kind }));
  await api.send('POST', '/assets/import', { format: 'json', content: JSON.stringify(rows) });
  await api.send('PATCH', '/services/honeypots', { isEnabled: true });
  await api.send('POST', '/decoys', { persona: 'linux-server', addresses: [DECOY_IP] });
  await api.send('POST', '/sources', { kind: 'interface', interface: MIRROR, title: 'Mirror port' });
}

/** The router over nftables, the backup over restic, and a playbook of the hospital's own for bringing documents back. */
async function giveMeans(api: ApiClient, { backup, shareFolder }: Hospital): Promise<void> {
  await api.send('POST', '/response/actuators', {
    id: 'router',
    type: 'nftables',
    settings: {
      namespace: ROUTER,
      neverCut: [SPHINX_IP, ...Object.values(ZONES).map(({ network }) => `${network}.1`)],
    },
  });
  await api.send('POST', '/response/actuators', {
    id: 'backup-of-share',
    type: 'restic',
    settings: { repository: backup.repository, passwordSecret: 'password', paths: [shareFolder] },
    secrets: { password: backup.password },
  });
  await api.send('POST', '/playbooks', { content: JSON.stringify(restorePlaybook(shareFolder)) });
}
