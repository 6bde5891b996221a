import type { Problem } from '../../reading/reading.ts';
import type { ImportContent, TextFormat } from '../format.ts';
import { deviceEvidence, EMPTY_REPORT, IMPORT_LIMITS, type ItemFields, listedItems } from '../report.ts';
import { packagePurl } from './package-purl.ts';
import { readSystemRelease, type SystemRelease, systemItem } from './system-release.ts';

/* Lists that the package managers of Linux print, alone or after the content of /etc/os-release. */

interface ListedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly vendor: string;
}

type ReadLine = (line: string) => ListedPackage | 'skip' | undefined;

/** `ii  openssl:amd64  3.0.11-1~deb12u2  amd64  Secure Sockets Layer toolkit` of `dpkg -l`; its head is dpkg's own. */
const DPKG_ROW = /^([a-z])([a-z])[a-zA-Z ]?\s+([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?\s+(\S+)\s+(\S+)/;

export const DPKG_LIST: TextFormat = {
  kind: 'text',
  id: 'dpkg-list',
  title: 'dpkg -l',
  isIt: (head) => /^Desired=Unknown\/Install|^\|\|\/ Name|^ii {1,4}[a-z0-9][a-z0-9+.:-]* +\d/m.test(head),
  read: (text) => readLines(text, 'dpkg', 'deb', readDpkgRow),
};

const readDpkgRow: ReadLine = (line) => {
  if (/^(?:Desired=|\| |\|\/ |\|\|\/|\+\+\+-)/.test(line)) return 'skip';
  const [, , state, name = '', version = '', architecture = ''] = DPKG_ROW.exec(line) ?? [];
  if (state === undefined) return undefined;
  // Removed, but with files of settings: not installed.
  return state === 'i' || state === 't' || state === 'w' ? { name, version, architecture, vendor: '' } : 'skip';
};

export const RPM_LIST: TextFormat = {
  kind: 'text',
  id: 'rpm-list',
  title: 'rpm -qa',
  isIt: (head) => shareOf(head, RPM_NAME) >= 0.6,
  read: (text) => readLines(text, 'rpm', 'rpm', readRpmName),
};

/** `name-epoch:version-release.architecture`; the epoch also before the name, as dnf prints it. */
const RPM_NAME =
  /^(?:(\d+):)?([A-Za-z0-9][\w.+-]*?)-(?:(\d+):)?([^\s:-]+)-([^\s-]+)\.(x86_64|noarch|i[3-6]86|aarch64|armv7hl|ppc64(?:le)?|s390x?|ia64|src|\(none\))$/;

const readRpmName: ReadLine = (line) => {
  // Keys that packages are checked with stand among them.
  if (/^gpg-pubkey-/.test(line)) return 'skip';
  const [whole, before, name = '', epoch = before, version = '', release = '', architecture = ''] =
    RPM_NAME.exec(line) ?? [];
  if (whole === undefined) return undefined;
  const prefix = epoch === undefined || epoch === '0' ? '' : `${epoch}:`;
  return {
    name,
    version: `${prefix}${version}-${release}`,
    architecture: architecture.replace('(none)', ''),
    vendor: '',
  };
};

export const APK_LIST: TextFormat = {
  kind: 'text',
  id: 'apk-list',
  title: 'apk list or apk info -v',
  isIt: (head) => shareOf(head, APK_NAME) >= 0.6,
  read: (text) => readLines(text, 'apk', 'apk', readApkName),
};

/** `musl-1.2.4-r2 x86_64 {musl} (MIT) [installed]` or `musl-1.2.4-r2` alone, with a description after ` - `. */
const APK_NAME = /^([a-z0-9][\w.+-]*?)-(\d[^\s-]*-r\d+)(?: ([a-z0-9_]+) \{|\s*$| - )/i;

const readApkName: ReadLine = (line) => {
  if (/^(?:WARNING:|Installed:)/.test(line)) return 'skip';
  const [whole, name = '', version = '', architecture = ''] = APK_NAME.exec(line) ?? [];
  if (whole === undefined) return undefined;
  const isOther = line.includes('{') && !/\[(?:installed|upgradable)/.test(line);
  return isOther ? 'skip' : { name, version, architecture, vendor: '' };
};

/** A line of os-release, or a prompt or title that came along when the list was copied. */
const OTHER_LINE = /^[A-Z][A-Z0-9_]*=|^[#$>%]|^\S+@\S+[:~$#]|^-+$/;

const LONGEST_LINE = 1000;

function readLines(text: string, tool: string, type: 'apk' | 'deb' | 'rpm', readLine: ReadLine): ImportContent {
  const packages: ListedPackage[] = [];
  const problems: Problem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trimEnd().slice(0, LONGEST_LINE);
    if (line.trim() === '' || OTHER_LINE.test(line)) continue;
    const read = readLine(line);
    if (read === undefined) {
      if (problems.length < IMPORT_LIMITS.problems)
        problems.push({ where: `line ${index + 1}`, what: `is no package of ${tool}` });
    } else if (read !== 'skip') packages.push(read);
  }
  return contentOf(packages, problems, tool, type, readSystemRelease(text));
}

function contentOf(
  packages: readonly ListedPackage[],
  problems: readonly Problem[],
  tool: string,
  type: 'apk' | 'deb' | 'rpm',
  release: SystemRelease,
): ImportContent {
  const items = packages.map((one): ItemFields => ({ ...one, kind: 'package', purl: packagePurl(type, one, release) }));
  const software = {
    method: 'package-list' as const,
    isComplete: true,
    items: listedItems([...systemItem(release), ...items]),
  };
  const evidence = deviceEvidence('report.operating-system', release.title || [release.id, release.version].join(' '));
  return { tool, reports: [{ ...EMPTY_REPORT, evidence, software }], problems };
}

/** @returns how many of the lines of a text are such names, from 0 to 1 */
function shareOf(head: string, pattern: RegExp): number {
  const lines = head
    .split('\n')
    .map((line) => line.trimEnd().slice(0, LONGEST_LINE))
    .filter((line) => line !== '' && !OTHER_LINE.test(line) && !/^(?:WARNING:|Installed:|gpg-pubkey-)/.test(line));
  const whole = lines.slice(0, 200);
  return whole.length === 0 ? 0 : whole.filter((line) => pattern.test(line)).length / whole.length;
}

export const DPKG_STATUS: TextFormat = {
  kind: 'text',
  id: 'dpkg-status',
  title: '/var/lib/dpkg/status',
  isIt: (head) =>
    /^Package: \S/m.test(head) && /^Version: \S/m.test(head) && /^(?:Status|Architecture): \S/m.test(head),
  read: readDpkgStatus,
};

function readDpkgStatus(text: string): ImportContent {
  const { entries, problems } = readStanzas(
    text,
    ({ Package, Version, Status, Architecture = '', Maintainer = '' }) => {
      if (Status !== undefined && !/\binstalled$/.test(Status)) return 'skip';
      if (Package === undefined || Version === undefined) return 'Package or Version is missing';
      return { name: Package, version: Version, architecture: Architecture, vendor: Maintainer.replace(/\s*<.*$/, '') };
    },
  );
  return contentOf(entries, problems, 'dpkg', 'deb', readSystemRelease(text));
}

export const APK_DATABASE: TextFormat = {
  kind: 'text',
  id: 'apk-database',
  title: '/lib/apk/db/installed',
  isIt: (head) => /^C:Q\d/m.test(head) && /^P:\S/m.test(head) && /^V:\S/m.test(head),
  read: readApkDatabase,
};

function readApkDatabase(text: string): ImportContent {
  const { entries, problems } = readStanzas(text, ({ P, V, A = '' }) =>
    P === undefined || V === undefined ? 'P or V is missing' : { name: P, version: V, architecture: A, vendor: '' },
  );
  return contentOf(entries, problems, 'apk', 'apk', readSystemRelease(text));
}

type Stanza = Readonly<Record<string, string | undefined>>;

/** Paragraphs of lines `name: value` (deb-control(5), apk v2), lines that go on with a space left out. */
function readStanzas(text: string, read: (stanza: Stanza) => ListedPackage | 'skip' | string) {
  const entries: ListedPackage[] = [];
  const problems: Problem[] = [];
  let stanza: Record<string, string> = {};
  let begin = 1;
  const end = () => {
    if (Object.keys(stanza).length === 0) return;
    const entry = read(stanza);
    if (typeof entry === 'object') entries.push(entry);
    else if (entry !== 'skip' && problems.length < IMPORT_LIMITS.problems)
      problems.push({ where: `line ${begin}`, what: entry });
    stanza = {};
  };
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') end();
    const field = /^([A-Za-z][A-Za-z-]{0,60}):\s?(.*?)\r?$/.exec(line);
    if (field === null) continue;
    if (Object.keys(stanza).length === 0) begin = index + 1;
    stanza[field[1] ?? ''] = (field[2] ?? '').slice(0, 1000);
  }
  end();
  return { entries, problems };
}
