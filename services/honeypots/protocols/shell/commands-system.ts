import type { ShellCommand } from './commands.ts';
import type { Shell } from './shell.ts';

const DAY_MS = 86_400_000;
const DONE = { output: '', status: 0 };
const say = (output: string) => ({ output, status: 0 });

/** Commands about the machine and its users. */
export const SYSTEM_COMMANDS: readonly (readonly [string, ShellCommand])[] = [
  ['whoami', (_words, shell) => say(`${shell.user}\n`)],
  ['id', (words, shell) => say(idText(words.find((word) => !word.startsWith('-')) ?? shell.user, shell))],
  ['groups', (_words, shell) => say(`${shell.user}\n`)],
  [
    'hostname',
    (words, shell) =>
      say(
        `${words.some((word) => word === '-f') && shell.domain !== '' ? `${shell.hostName}.${shell.domain}` : shell.hostName}\n`,
      ),
  ],
  ['uname', (words, shell) => say(unameText(words, shell))],
  ['arch', (_words, shell) => say(`${shell.machine.architecture}\n`)],
  ['nproc', (_words, shell) => say(`${shell.machine.cores}\n`)],
  [
    'lscpu',
    (_words, { machine }) =>
      say(
        `Architecture:            ${machine.architecture}\nCPU(s):                  ${machine.cores}\nModel name:              ${machine.cpu}\n`,
      ),
  ],
  ['free', (_words, shell) => say(memoryText(shell))],
  [
    'uptime',
    (_words, shell) =>
      say(` ${clock(shell)} up ${shell.machine.upDays} days,  4:12,  1 user,  load average: 0.08, 0.12, 0.09\n`),
  ],
  [
    'w',
    (_words, shell) =>
      say(
        ` ${clock(shell)} up ${shell.machine.upDays} days,  4:12,  1 user,  load average: 0.08, 0.12, 0.09\nUSER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n${shell.user.padEnd(8)} pts/0    ${shell.peer.remoteAddress.padEnd(16)} ${clock(shell).slice(0, 5)}    0.00s  0.02s  0.00s w\n`,
      ),
  ],
  [
    'who',
    (_words, shell) =>
      say(
        `${shell.user.padEnd(8)} pts/0        ${new Date(shell.peer.now()).toISOString().slice(0, 16).replace('T', ' ')} (${shell.peer.remoteAddress})\n`,
      ),
  ],
  [
    'last',
    (_words, shell) =>
      say(
        `${shell.user.padEnd(8)} pts/0        ${shell.peer.remoteAddress.padEnd(16)} ${new Date(shell.peer.now()).toUTCString().slice(0, 16)} ${clock(shell).slice(0, 5)}   still logged in\n`,
      ),
  ],
  ['date', (_words, shell) => say(`${new Date(shell.peer.now()).toUTCString().replace('GMT', 'UTC')}\n`)],
  ['ps', (_words, shell) => say(processText(shell))],
  ['top', (_words, shell) => say(processText(shell))],
  ['env', (_words, shell) => say(environmentText(shell))],
  ['export', (words, shell) => assign(words, shell)],
  ['set', (_words, shell) => say(environmentText(shell))],
  [
    'unset',
    (words, shell) => {
      for (const word of words) shell.environment.delete(word);
      return DONE;
    },
  ],
  [
    'history',
    (words, shell) => {
      if (words.includes('-c')) shell.history.length = 0;
      return say(shell.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(''));
    },
  ],
  ['ifconfig', (_words, shell) => say(interfaceText(shell))],
  ['ip', (words, shell) => say(words[0]?.startsWith('r') ? routeText(shell) : interfaceText(shell))],
  ['route', (_words, shell) => say(routeText(shell))],
  ['netstat', (_words, shell) => say(socketText(shell))],
  ['ss', (_words, shell) => say(socketText(shell))],
  ['arp', () => DONE],
  [
    'lspci',
    () =>
      say(
        '00:00.0 Host bridge: Intel Corporation 440FX - 82441FX PMC [Natoma] (rev 02)\n00:02.0 VGA compatible controller: VMware SVGA II Adapter\n00:0f.0 Ethernet controller: VMware VMXNET3 Ethernet Controller (rev 01)\n',
      ),
  ],
  [
    'lsblk',
    () =>
      say(
        'NAME   MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS\nsda      8:0    0  100G  0 disk \n└─sda1   8:1    0  100G  0 part /\nsdb      8:16   0    2T  0 disk \n└─sdb1   8:17   0    2T  0 part /srv\n',
      ),
  ],
  ['which', (words) => say(words.map((word) => `/usr/bin/${word}\n`).join(''))],
  [
    'command',
    (words, shell, input) =>
      words[0] === '-v'
        ? say(`/usr/bin/${words[1] ?? ''}\n`)
        : { output: shell.execute(words.join(' '), input), status: shell.status },
  ],
  ['sudo', (words, shell, input) => sudo(words, shell, input)],
  [
    'su',
    (words, shell) => {
      shell.become(words.find((word) => !word.startsWith('-')) ?? 'root');
      return DONE;
    },
  ],
  [
    'passwd',
    (_words, shell) => ({
      output: `passwd: Authentication token manipulation error\npasswd: password unchanged for ${shell.user}\n`,
      status: 10,
    }),
  ],
  [
    'crontab',
    (words, shell, input) => {
      if (words.includes('-l')) return { output: `no crontab for ${shell.user}\n`, status: 1 };
      if (input !== '') shell.files.write(`/tmp/crontab.${shell.user}`, input, shell.user);
      return DONE;
    },
  ],
  [
    'systemctl',
    (words) => say(words[0] === 'status' ? `● ${words[1] ?? 'system'}.service\n     Active: active (running)\n` : ''),
  ],
  ['service', () => DONE],
  ['busybox', (words, shell, input) => busyBox(words, shell, input)],
  ['sh', (words, shell, input) => subShell(words, shell, input)],
  ['bash', (words, shell, input) => subShell(words, shell, input)],
  ['python3', () => DONE],
  ['perl', () => DONE],
  ['exit', (_words, shell) => leave(shell)],
  ['logout', (_words, shell) => leave(shell)],
  ['quit', (_words, shell) => leave(shell)],
  [
    'test',
    (words, shell) => ({
      output: '',
      status: /^-[efdrwx]$/.test(words[0] ?? '') && shell.files.get(shell.path(words[1] ?? '')) !== undefined ? 0 : 1,
    }),
  ],
  ['true', () => DONE],
  ['false', () => ({ output: '', status: 1 })],
  ...[
    'clear',
    'sleep',
    'kill',
    'killall',
    'pkill',
    'nohup',
    'reboot',
    'shutdown',
    'iptables',
    'useradd',
    'usermod',
    'modprobe',
    'alias',
    'ulimit',
    'stty',
    'enable',
    'system',
    'shell',
    'disown',
    'wait',
    ':',
  ].map((name) => [name, () => DONE] as const),
];

function idText(user: string, { machine }: Shell): string {
  const id = machine.users.find(({ name }) => name === user)?.id ?? (user === 'root' ? 0 : 1000);
  const sudoer = id >= 1000 && !machine.isBusyBox ? ',27(sudo)' : '';
  return `uid=${id}(${user}) gid=${id}(${user}) groups=${id}(${user})${sudoer}\n`;
}

function unameText(words: readonly string[], { machine, hostName }: Shell): string {
  const { kernel, kernelVersion, architecture } = machine;
  const flags = words.join('');
  if (flags.includes('a')) return `Linux ${hostName} ${kernel} ${kernelVersion} ${architecture} GNU/Linux\n`;
  const parts = [
    ...(flags === '' || flags.includes('s') ? ['Linux'] : []),
    ...(flags.includes('n') ? [hostName] : []),
    ...(flags.includes('r') ? [kernel] : []),
    ...(flags.includes('v') ? [kernelVersion] : []),
    ...(/[mpi]/.test(flags) ? [architecture] : []),
  ];
  return `${parts.join(' ')}\n`;
}

function memoryText({ machine: { memoryKb } }: Shell): string {
  const used = Math.round(memoryKb * 0.61);
  const column = (value: number) => String(value).padStart(12);
  return `               total        used        free      shared  buff/cache   available\nMem:    ${column(memoryKb)}${column(used)}${column(Math.round(memoryKb * 0.07))}${column(14_212)}${column(memoryKb - used - Math.round(memoryKb * 0.07))}${column(Math.round(memoryKb * 0.33))}\n`;
}

function processText({ machine, user }: Shell): string {
  const lines = machine.processes.map((each, index) => ({ ...each, pid: index === 0 ? 1 : 200 + index * 37 }));
  lines.push({ user, command: machine.isBusyBox ? 'sh' : '-bash', pid: 2417 }, { user, command: 'ps', pid: 2466 });
  if (machine.isBusyBox)
    return `  PID USER       VSZ STAT COMMAND\n${lines.map(({ pid, user: owner, command }) => `${String(pid).padStart(5)} ${owner.padEnd(8)} 1304 S    ${command}\n`).join('')}`;
  return `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${lines.map(({ pid, user: owner, command }) => `${owner.padEnd(8)} ${String(pid).padStart(7)}  0.0  0.3 ${String(20_000 + pid * 3).padStart(6)} ${String(4000 + pid).padStart(5)} ?        Ss   Sep21   0:0${pid % 9} ${command}\n`).join('')}`;
}

function environmentText({ environment }: Shell): string {
  return [...environment].map(([name, value]) => `${name}=${value}\n`).join('');
}

function assign(words: readonly string[], shell: Shell) {
  for (const word of words) {
    const [name = '', value] = word.split('=', 2);
    if (value !== undefined && /^\w{1,40}$/.test(name) && shell.environment.size < 100)
      shell.environment.set(name, value.slice(0, 1000));
  }
  return words.length === 0 ? say(environmentText(shell)) : DONE;
}

function interfaceText({ peer }: Shell): string {
  const address = peer.localAddress;
  const last = Number(address.split('.').at(-1)) || 10;
  const mac = `00:50:56:9a:3c:${last.toString(16).padStart(2, '0')}`;
  return `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000\n    link/ether ${mac} brd ff:ff:ff:ff:ff:ff\n    inet ${address}/24 scope global eth0\n`;
}

/** Its own network and nothing else: no way further is told. */
function routeText({ peer }: Shell): string {
  const network = peer.localAddress.split('.').slice(0, 3).join('.');
  return `${network}.0/24 dev eth0 proto kernel scope link src ${peer.localAddress}\n`;
}

function socketText({ peer }: Shell): string {
  return `Proto Recv-Q Send-Q Local Address           Foreign Address         State\ntcp        0      0 0.0.0.0:${String(peer.localPort).padEnd(16)}0.0.0.0:*               LISTEN\ntcp        0      0 ${`${peer.localAddress}:${peer.localPort}`.padEnd(24)}${peer.remoteAddress}:*         ESTABLISHED\n`;
}

function sudo(words: readonly string[], shell: Shell, input: string) {
  const rest = words.filter((word, index) => index > 0 || !word.startsWith('-'));
  if (words.includes('-l'))
    return say(`User ${shell.user} may run the following commands on ${shell.hostName}:\n    (ALL : ALL) ALL\n`);
  if (rest.length === 0 || rest[0] === 'su' || words.includes('-i') || words.includes('-s')) {
    shell.become('root');
    return DONE;
  }
  const user = shell.user;
  shell.become('root');
  const output = shell.execute(quoted(rest), input);
  shell.become(user);
  return { output, status: shell.status };
}

function busyBox(words: readonly string[], shell: Shell, input: string) {
  const [applet = ''] = words;
  if (applet === '') return say('BusyBox v1.30.1 (2021-03-11 09:12:44 UTC) multi-call binary.\n');
  // Worms ask for an applet with their name to see whether this is a shell.
  if (/^[A-Z]{3,12}$/.test(applet)) return { output: `${applet}: applet not found\n`, status: 127 };
  return { output: shell.execute(quoted(words), input), status: shell.status };
}

function subShell(words: readonly string[], shell: Shell, input: string) {
  const at = words.indexOf('-c');
  if (at >= 0) return { output: shell.execute(words[at + 1] ?? '', input), status: shell.status };
  const path = words.find((word) => !word.startsWith('-'));
  if (path === undefined) return input === '' ? DONE : { output: shell.execute(input), status: shell.status };
  const node = shell.files.get(shell.path(path));
  if (node === undefined || node.isFolder) return { output: `bash: ${path}: No such file or directory\n`, status: 127 };
  if (node.isNew) shell.peer.note('command', `ran ${path}, which it had brought along`, { isOwnProgram: true });
  return { output: shell.execute(node.content.slice(0, 8192)), status: shell.status };
}

function leave(shell: Shell) {
  shell.hasExited = true;
  return DONE;
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
}

function clock({ peer, machine }: Shell): string {
  return new Date(peer.now() - (machine.upDays % 1) * DAY_MS).toISOString().slice(11, 19);
}
