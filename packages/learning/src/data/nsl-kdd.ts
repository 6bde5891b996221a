import type { TableForm } from './read-table.ts';
import type { Feature } from './table.ts';

// Columns as published with the data set: Tavallaee, Bagheri, Lu and Ghorbani, "A detailed analysis of the KDD CUP 99
// data set" (2009), after Stolfo and others, "Cost-based modeling for fraud and intrusion detection" (2000).

const CATEGORIES = new Set(['protocol_type', 'service', 'flag']);

const MEANINGS: readonly (readonly [name: string, meaning: string])[] = [
  ['duration', 'length of the connection in seconds'],
  ['protocol_type', 'transport protocol'],
  ['service', 'service that was asked'],
  ['flag', 'how the connection began and ended'],
  ['src_bytes', 'bytes sent by the client'],
  ['dst_bytes', 'bytes sent by the server'],
  ['land', 'same address and port at both ends'],
  ['wrong_fragment', 'broken fragments'],
  ['urgent', 'urgent packets'],
  ['hot', 'sensitive actions in the session'],
  ['num_failed_logins', 'failed log-ins'],
  ['logged_in', 'log-in succeeded'],
  ['num_compromised', 'signs of a compromised system'],
  ['root_shell', 'shell of the administrator'],
  ['su_attempted', 'attempts to become administrator'],
  ['num_root', 'accesses as administrator'],
  ['num_file_creations', 'files created'],
  ['num_shells', 'shells opened'],
  ['num_access_files', 'accesses to files of access control'],
  ['num_outbound_cmds', 'outbound commands of a file transfer'],
  ['is_host_login', 'log-in of the host list'],
  ['is_guest_login', 'log-in as a guest'],
  ['count', 'connections to the same host within two seconds'],
  ['srv_count', 'connections to the same service within two seconds'],
  ['serror_rate', 'share of them without an answer to the opening'],
  ['srv_serror_rate', 'share without an answer at the same service'],
  ['rerror_rate', 'share of them that were refused'],
  ['srv_rerror_rate', 'share that were refused at the same service'],
  ['same_srv_rate', 'share of them to the same service'],
  ['diff_srv_rate', 'share of them to different services'],
  ['srv_diff_host_rate', 'share of the same service at different hosts'],
  ['dst_host_count', 'of the last hundred connections, those to this host'],
  ['dst_host_srv_count', 'of the last hundred connections, those to this service of the host'],
  ['dst_host_same_srv_rate', 'share to the same service of this host'],
  ['dst_host_diff_srv_rate', 'share to different services of this host'],
  ['dst_host_same_src_port_rate', 'share from the same source port'],
  ['dst_host_srv_diff_host_rate', 'share to this service from different hosts'],
  ['dst_host_serror_rate', 'share at this host without an answer to the opening'],
  ['dst_host_srv_serror_rate', 'share at this service of the host without an answer'],
  ['dst_host_rerror_rate', 'share at this host that were refused'],
  ['dst_host_srv_rerror_rate', 'share at this service of the host that were refused'],
];

export const NSL_KDD_FEATURES: readonly Feature[] = MEANINGS.map(([name, meaning]) => ({
  name,
  kind: CATEGORIES.has(name) ? 'category' : 'number',
  meaning,
}));

/** Attacks of the data set by the kinds of its authors; a name that is not here counts as `other`. */
const KINDS: Readonly<Record<string, string>> = {
  dos: 'apache2 back land mailbomb neptune pod processtable smurf teardrop udpstorm worm',
  probe: 'ipsweep mscan nmap portsweep saint satan',
  r2l: 'ftp_write guess_passwd httptunnel imap multihop named phf sendmail snmpgetattack snmpguess spy warezclient warezmaster xlock xsnoop',
  u2r: 'buffer_overflow loadmodule perl ps rootkit sqlattack xterm',
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind] as const)),
);

/** NSL-KDD as text (`KDDTrain+.txt`, `KDDTest+.txt`), as CSV with a head, or as ARFF. */
export const NSL_KDD: TableForm = {
  title: 'NSL-KDD',
  features: NSL_KDD_FEATURES,
  order: [...NSL_KDD_FEATURES.map(({ name }) => name), 'label', 'difficulty'],
  label: 'label',
  truthOf(cell) {
    // The first edition of 1999 ends names with a dot.
    const type = (cell('label') ?? '').toLowerCase().replace(/\.$/, '');
    if (!/^[a-z][a-z0-9_-]*$/.test(type)) return undefined;
    const isAttack = type !== 'normal';
    return { isAttack, type, category: isAttack ? (KIND_OF.get(type) ?? 'other') : 'normal' };
  },
};
