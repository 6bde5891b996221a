import { execFileSync, spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

// A device of its own network stack at the other end of a cable: it has all ports to itself, and every packet between it and
// whoever asks can be seen. Needs root and ip.

let cables = 0;

/** Why tests with namespaces are skipped here, or empty where they can run. */
export const WITHOUT_NAMESPACES = reasonWithoutNamespaces();

function reasonWithoutNamespaces(): string {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces';
  const name = `spxtry${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0)
    return 'this machine allows no network namespaces (ip netns)';
  execFileSync('ip', ['netns', 'del', name]);
  return '';
}

export interface CableOptions {
  /** Whoever asks stands in a namespace, too; else on this machine. */
  readonly isAskerApart?: boolean;
}

/** Two network stacks with a cable between them. */
export class Cable {
  readonly askerIp: string;
  readonly deviceIp: string;
  /** Interface at the end of whoever asks. */
  readonly askerInterface: string;
  readonly deviceInterface: string;
  readonly deviceNamespace: string;
  /** Empty: this machine. */
  readonly askerNamespace: string;

  private constructor({ isAskerApart = false }: CableOptions) {
    cables += 1;
    const id = `${process.pid % 100_000}${String.fromCharCode(96 + cables)}`;
    const network = `10.98.${process.pid % 250}`;
    // Four addresses for each cable of this process.
    this.askerIp = `${network}.${cables * 4 + 1}`;
    this.deviceIp = `${network}.${cables * 4 + 2}`;
    this.askerInterface = `spa${id}`;
    this.deviceInterface = `spd${id}`;
    this.deviceNamespace = `spxd${id}`;
    this.askerNamespace = isAskerApart ? `spxa${id}` : '';
  }

  static open(options: CableOptions = {}): Cable {
    const cable = new Cable(options);
    const { askerNamespace, deviceNamespace, askerInterface, deviceInterface } = cable;
    for (const name of [askerNamespace, deviceNamespace]) if (name !== '') ip('netns', 'add', name);
    const ends = ['link', 'add', askerInterface, 'type', 'veth', 'peer', 'name', deviceInterface];
    ip(...inside(askerNamespace), ...ends, 'netns', deviceNamespace);
    for (const [namespace, name, address] of [
      [askerNamespace, askerInterface, cable.askerIp],
      [deviceNamespace, deviceInterface, cable.deviceIp],
    ] as const) {
      // No neighbour discovery and no multicast reports of IPv6 among the packets that are counted.
      const setting = `net.ipv6.conf.${name}.disable_ipv6=1`;
      spawnSync(...commandIn(namespace, 'sysctl', '-q', '-w', setting));
      ip(...inside(namespace), 'addr', 'add', `${address}/30`, 'dev', name);
      ip(...inside(namespace), 'link', 'set', name, 'up');
      if (namespace !== '') ip(...inside(namespace), 'link', 'set', 'lo', 'up');
    }
    ip(...inside(deviceNamespace), 'route', 'add', 'default', 'via', cable.askerIp);
    return cable;
  }

  /** Command and parameters that run a program at the end of the device. */
  onDevice(program: string, ...parameters: readonly string[]): [string, string[]] {
    return commandIn(this.deviceNamespace, program, ...parameters);
  }

  /** Command and parameters that run a program where the one who asks stands. */
  onAsker(program: string, ...parameters: readonly string[]): [string, string[]] {
    return commandIn(this.askerNamespace, program, ...parameters);
  }

  /** Waits until something listens on a port of the device. @throws Error when it never does */
  async listens(transport: 'tcp' | 'udp', port: number): Promise<void> {
    const isThere = new RegExp(`:${port}\\s`);
    for (let tries = 0; tries < 300; tries += 1) {
      const sockets = spawnSync(...this.onDevice('ss', '-Hln', transport === 'tcp' ? '-t' : '-u'), {
        encoding: 'utf8',
      });
      if (isThere.test(sockets.stdout)) return;
      await pause(50);
    }
    throw new Error(`Nothing listens on ${transport} ${port} of the device.`);
  }

  /** Takes the cable away, with everything that runs at its ends. */
  close(): void {
    for (const name of [this.askerNamespace, this.deviceNamespace]) {
      if (name === '') continue;
      const pids = spawnSync('ip', ['netns', 'pids', name], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);
      for (const pid of pids) end(Number(pid));
      spawnSync('ip', ['netns', 'del', name]);
    }
    if (this.askerNamespace === '') spawnSync('ip', ['link', 'del', this.askerInterface], { stdio: 'ignore' });
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function inside(namespace: string): string[] {
  return namespace === '' ? [] : ['-n', namespace];
}

function commandIn(namespace: string, program: string, ...parameters: readonly string[]): [string, string[]] {
  return namespace === '' ? [program, [...parameters]] : ['ip', ['netns', 'exec', namespace, program, ...parameters]];
}

function ip(...parameters: readonly string[]): void {
  execFileSync('ip', [...parameters]);
}
