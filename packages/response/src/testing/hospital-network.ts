import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const AGENT = fileURLToPath(new URL('traffic-agent.ts', import.meta.url));
const run = promisify(execFile);

/** A pump on a ward, an archive and a workstation on the other side of a router: three network namespaces. */
export const PUMP = { v4: '10.81.1.10', v6: 'fd81:1::10', mac: '02:00:00:81:01:10' } as const;
export const MONITOR = { v4: '10.81.1.11', v6: 'fd81:1::11' } as const;
export const ARCHIVE = { v4: '10.81.2.20', v6: 'fd81:2::20' } as const;
export const STRANGER = { v4: '10.81.2.66', v6: 'fd81:2::66' } as const;

/** One end, which serves and begins connections as it is told. */
export class TrafficAgent {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(namespace: string) {
    const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, '--no-warnings', AGENT], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  listen(...ports: readonly number[]): Promise<string[]> {
    return Promise.all(ports.map((port) => this.#tell({ do: 'listen', port })));
  }

  /** @returns `open`, `silent`, or the code of the error */
  connect(host: string, port: number, from: { localAddress?: string; localPort?: number } = {}): Promise<string> {
    return this.#tell({ do: 'connect', host, port, ...from });
  }

  /** Opens a connection that stays. */
  hold(host: string, port: number): Promise<string> {
    return this.#tell({ do: 'hold', host, port });
  }

  /** @returns `open` when the connection that was opened to this port still carries something both ways */
  use(port: number): Promise<string> {
    return this.#tell({ do: 'use', port });
  }

  /** Asks by UDP. */
  ask(host: string, port: number): Promise<string> {
    return this.#tell({ do: 'ask', host, port });
  }

  async #tell(order: object): Promise<string> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value } = await this.#answers.next();
    return JSON.parse(String(value)) as string;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

export class HospitalNetwork {
  readonly router: string;
  readonly #names: readonly string[];
  readonly ward: TrafficAgent;
  readonly centre: TrafficAgent;

  private constructor(id: string) {
    this.router = `${id}-router`;
    this.#names = [this.router, `${id}-ward`, `${id}-centre`];
    this.ward = new TrafficAgent(`${id}-ward`);
    this.centre = new TrafficAgent(`${id}-centre`);
  }

  static async build(): Promise<HospitalNetwork> {
    const id = `spx${randomBytes(3).toString('hex')}`;
    const lines = [
      ...['router', 'ward', 'centre'].map((name) => `netns add ${id}-${name}`),
      `link add ward netns ${id}-router type veth peer name eth0 netns ${id}-ward address ${PUMP.mac}`,
      `link add centre netns ${id}-router type veth peer name eth0 netns ${id}-centre`,
    ];
    for (const line of lines) await run('ip', line.split(' '));
    await configure(`${id}-router`, [
      'link set lo up',
      'link set ward up',
      'link set centre up',
      'address add 10.81.1.1/24 dev ward',
      'address add 10.81.2.1/24 dev centre',
      'address add fd81:1::1/64 dev ward nodad',
      'address add fd81:2::1/64 dev centre nodad',
    ]);
    await run('ip', ['netns', 'exec', `${id}-router`, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    await run('ip', ['netns', 'exec', `${id}-router`, 'sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1']);
    await configure(`${id}-ward`, endLines(PUMP, MONITOR, '10.81.1.1', 'fd81:1::1'));
    await configure(`${id}-centre`, endLines(ARCHIVE, STRANGER, '10.81.2.1', 'fd81:2::1'));
    return new HospitalNetwork(id);
  }

  /** Runs nft on the router. */
  nft(...parameters: readonly string[]): Promise<string> {
    return this.run('nft', ...parameters);
  }

  /** Runs a program on the router. @returns its standard output */
  async run(...words: readonly string[]): Promise<string> {
    const { stdout } = await run('ip', ['netns', 'exec', this.router, ...words]);
    return stdout;
  }

  async remove(): Promise<void> {
    this.ward.stop();
    this.centre.stop();
    for (const name of this.#names) await run('ip', ['netns', 'delete', name]);
  }
}

interface Addresses {
  readonly v4: string;
  readonly v6: string;
}

function endLines(first: Addresses, second: Addresses, gateway4: string, gateway6: string): readonly string[] {
  return [
    'link set lo up',
    'link set eth0 up',
    ...[first, second].flatMap(({ v4, v6 }) => [
      `address add ${v4}/24 dev eth0`,
      `address add ${v6}/64 dev eth0 nodad${v6 === second.v6 ? ' preferred_lft 0' : ''}`,
    ]),
    `route add default via ${gateway4}`,
    `route add default via ${gateway6}`,
  ];
}

async function configure(namespace: string, lines: readonly string[]): Promise<void> {
  const child = run('ip', ['-n', namespace, '-batch', '-']);
  child.child.stdin?.end(`${lines.join('\n')}\n`);
  await child;
}
