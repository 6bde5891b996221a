import type { ShellCommand } from './commands.ts';
import type { Shell } from './shell.ts';

const URL_WORD =
  /^(?:(?:https?|ftp|tftp):\/\/)?[\w.-]+\.[a-z0-9]{1,20}(?::\d+)?(?:\/\S*)?$|^(?:https?|ftp|tftp):\/\/\S+$/i;
const MAXIMUM_URL = 1000;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Commands that would reach somebody. Each notes whom it was told to reach, and fails as on a network without a way out. */
export const NETWORK_COMMANDS: readonly (readonly [string, ShellCommand])[] = [
  ['wget', (words, shell) => fetch('wget', words, shell, wgetText)],
  ['curl', (words, shell) => fetch('curl', words, shell, (host) => `curl: (6) Could not resolve host: ${host}\n`)],
  ['tftp', (words, shell) => fetch('tftp', words, shell, () => 'tftp: timeout\n')],
  ['ftpget', (words, shell) => fetch('ftpget', words, shell, (host) => `ftpget: bad address '${host}'\n`)],
  ['lynx', (words, shell) => fetch('lynx', words, shell, (host) => `lynx: Can't access startfile http://${host}/\n`)],
  [
    'git',
    (words, shell) =>
      fetch('git', words.slice(1), shell, (host) => `fatal: unable to access: Could not resolve host: ${host}\n`),
  ],
  [
    'ssh',
    (words, shell) =>
      connect(words, shell, 22, (host) => `ssh: connect to host ${host} port 22: Connection timed out\n`),
  ],
  [
    'scp',
    (words, shell) =>
      connect(
        words.map((word) => word.split(':')[0] ?? ''),
        shell,
        22,
        (host) => `ssh: connect to host ${host} port 22: Connection timed out\nlost connection\n`,
      ),
  ],
  [
    'telnet',
    (words, shell) =>
      connect(
        words,
        shell,
        23,
        (host) => `Trying ${host}...\ntelnet: Unable to connect to remote host: Connection timed out\n`,
      ),
  ],
  ['nc', (words, shell) => connect(words, shell, 0, () => '')],
  ['ncat', (words, shell) => connect(words, shell, 0, () => 'Ncat: TIMEOUT.\n')],
  ['ftp', (words, shell) => connect(words, shell, 21, () => 'ftp: connect: Connection timed out\n')],
  [
    'nmap',
    (words, shell) =>
      connect(
        words,
        shell,
        0,
        () =>
          'Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn\nNmap done: 1 IP address (0 hosts up) scanned in 3.05 seconds\n',
      ),
  ],
  [
    'mysql',
    (words, shell) =>
      connect(
        words.filter((word) => !word.startsWith('-p')),
        shell,
        3306,
        (host) => `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}' (110)\n`,
      ),
  ],
  [
    'smbclient',
    (words, shell) =>
      connect(
        words.map((word) => word.replace(/^[\\/]+/, '').split(/[\\/]/)[0] ?? ''),
        shell,
        445,
        () => 'do_connect: Connection failed (Error NT_STATUS_IO_TIMEOUT)\n',
      ),
  ],
  [
    'ping',
    (words, shell) =>
      connect(
        words,
        shell,
        0,
        (host) =>
          `PING ${host} (${host}) 56(84) bytes of data.\n\n--- ${host} ping statistics ---\n4 packets transmitted, 0 received, 100% packet loss, time 3061ms\n\n`,
      ),
  ],
  [
    'traceroute',
    (words, shell) =>
      connect(
        words,
        shell,
        0,
        (host) => `traceroute to ${host} (${host}), 30 hops max, 60 byte packets\n 1  * * *\n 2  * * *\n`,
      ),
  ],
  [
    'nslookup',
    (words, shell) => connect(words, shell, 53, () => ';; connection timed out; no servers could be reached\n\n'),
  ],
  ['dig', (words, shell) => connect(words, shell, 53, () => ';; connection timed out; no servers could be reached\n')],
  ['apt', (words, shell) => install(words, shell)],
  ['apt-get', (words, shell) => install(words, shell)],
  ['yum', (words, shell) => install(words, shell)],
  ['pip', (words, shell) => install(words, shell)],
];

function fetch(name: string, words: readonly string[], shell: Shell, failure: (host: string) => string) {
  const urls = words
    .filter((word, index) => URL_WORD.test(word) && !/^-(O|o|A|H|P|d)$/.test(words[index - 1] ?? ''))
    .slice(0, 5);
  if (urls.length === 0) {
    return {
      output:
        name === 'wget'
          ? 'wget: missing URL\nUsage: wget [OPTION]... [URL]...\n'
          : `${name}: try '${name} --help' for more information\n`,
      status: 2,
    };
  }
  let output = '';
  for (const word of urls) {
    const url = (word.includes('://') ? word : `http://${word}`).slice(0, MAXIMUM_URL);
    shell.peer.note('fetch', `told to fetch ${url}`, { url, tool: name });
    output += failure(hostOf(url));
  }
  return { output: words.some((word) => /^-\w*[qs]/.test(word)) ? '' : output, status: name === 'curl' ? 6 : 4 };
}

function wgetText(host: string): string {
  const reason = ADDRESS.test(host) ? 'failed: Connection timed out.' : 'failed: Temporary failure in name resolution.';
  return ADDRESS.test(host)
    ? `Connecting to ${host}:80... ${reason}\nRetrying.\n\n`
    : `Resolving ${host} (${host})... ${reason}\nwget: unable to resolve host address ‘${host}’\n`;
}

function connect(words: readonly string[], shell: Shell, port: number, failure: (host: string) => string) {
  const plain = words.filter((word, index) => !word.startsWith('-') && !/^-[pilwcoPF]$/.test(words[index - 1] ?? ''));
  const target = (plain.find((word) => /[.:]/.test(word) || /^[a-z]/i.test(word)) ?? '')
    .replace(/^.*@/, '')
    .slice(0, 255);
  const given = words[words.indexOf('-p') + 1];
  const named = words.includes('-p') ? Number(given) : Number(plain.find((word) => /^\d{1,5}$/.test(word)) ?? port);
  if (target === '') return { output: `usage: [options] destination\n`, status: 1 };
  shell.peer.note('reach-out', `told to connect to ${target}${named > 0 ? ` port ${named}` : ''}`, {
    host: target,
    port: named || 0,
  });
  return { output: failure(target), status: 1 };
}

function install(words: readonly string[], shell: Shell) {
  if (shell.user !== 'root')
    return {
      output: 'E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n',
      status: 100,
    };
  const packages = words.filter((word) => !word.startsWith('-')).slice(1, 10);
  return {
    output: `Reading package lists... Done\nBuilding dependency tree... Done\n${packages.map((each) => `E: Unable to locate package ${each}\n`).join('')}`,
    status: packages.length === 0 ? 0 : 100,
  };
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url)?.[1] ?? url;
}
