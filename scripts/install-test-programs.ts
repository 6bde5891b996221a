import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Tests run against a real browser and a real capture program. Installs the Debian packages that are missing.

const PROGRAMS: readonly { readonly command: string; readonly debianPackage: string; readonly for: string }[] = [
  { command: 'chromium', debianPackage: 'chromium', for: 'tests of the console' },
  { command: 'tcpdump', debianPackage: 'tcpdump', for: 'tests of live capture' },
  { command: 'softflowd', debianPackage: 'softflowd', for: 'tests of NetFlow and IPFIX' },
  { command: 'pmacctd', debianPackage: 'pmacct', for: 'tests of sFlow' },
  { command: 'sshd', debianPackage: 'openssh-server', for: 'tests of capture over SSH' },
  { command: 'ip', debianPackage: 'iproute2', for: 'tests of live capture between network namespaces' },
  { command: 'tcpreplay', debianPackage: 'tcpreplay', for: 'tests of live capture between network namespaces' },
  { command: 'storescp', debianPackage: 'dcmtk', for: 'tests that hear DICOM between real programs' },
  { command: 'Orthanc', debianPackage: 'orthanc', for: 'tests that hear storage commitment between real programs' },
  { command: 'tshark', debianPackage: 'tshark', for: 'tests and benchmarks that compare with a peer' },
];

const missing = PROGRAMS.filter(({ command }) => !isInstalled(command));
if (missing.length > 0) install(missing.map(({ debianPackage }) => debianPackage));
for (const { command, debianPackage, for: purpose } of PROGRAMS) {
  if (isInstalled(command)) continue;
  console.error(`${command} is missing; ${purpose} will fail. As root: apt-get install -y ${debianPackage}`);
}

function install(packages: readonly string[]): void {
  if (!isInstalled('apt-get') || process.getuid?.() !== 0) return;
  console.log(`Installing for the tests: ${packages.join(', ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (...parameters: string[]) =>
    spawnSync('apt-get', parameters, { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  run('update', '-qq');
  run('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

function isInstalled(command: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
