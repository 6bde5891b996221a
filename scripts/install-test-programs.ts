import { installMissing, isInstalled, type Program } from './install-programs.ts';

// Tests run against a real browser, real servers and a real capture program. Installs the Debian packages that are missing.

const PROGRAMS: readonly Program[] = [
  { command: 'chromium', debianPackage: 'chromium', for: 'tests of the console' },
  { command: 'tcpdump', debianPackage: 'tcpdump', for: 'tests of live capture' },
  { command: 'softflowd', debianPackage: 'softflowd', for: 'tests of NetFlow and IPFIX' },
  { command: 'pmacctd', debianPackage: 'pmacct', for: 'tests of sFlow' },
  { command: 'sshd', debianPackage: 'openssh-server', for: 'tests of capture over SSH' },
  { command: 'ip', debianPackage: 'iproute2', for: 'tests of live capture between network namespaces' },
  { command: 'tcpreplay', debianPackage: 'tcpreplay', for: 'tests of live capture between network namespaces' },
  { command: 'storescp', debianPackage: 'dcmtk', for: 'tests that hear DICOM between real programs' },
  { command: 'Orthanc', debianPackage: 'orthanc', for: 'tests that hear storage commitment between real programs' },
  { command: 'radclient', debianPackage: 'freeradius-utils', for: 'tests of the access gate' },
  { command: 'nginx', debianPackage: 'nginx-light', for: 'tests of probes' },
  { command: 'smbd', debianPackage: 'samba', for: 'tests of probes' },
  { command: 'mosquitto', debianPackage: 'mosquitto', for: 'tests of probes' },
  { command: 'redis-server', debianPackage: 'redis-server', for: 'tests of probes' },
  { command: 'snmpd', debianPackage: 'snmpd', for: 'tests of probes' },
  { command: 'vsftpd', debianPackage: 'vsftpd', for: 'tests of probes' },
  { command: 'pg_createcluster', debianPackage: 'postgresql', for: 'tests of probes' },
  { command: 'mariadbd', debianPackage: 'mariadb-server-core', for: 'tests of probes' },
  { command: 'mariadb', debianPackage: 'mariadb-client-core', for: 'tests of probes' },
  { command: 'smtpd', debianPackage: 'opensmtpd', for: 'tests of probes' },
  { command: 'xrdp', debianPackage: 'xrdp', for: 'tests of probes' },
  { command: 'freerdp-shadow-cli', debianPackage: 'freerdp2-shadow-x11', for: 'tests of probes' },
  { command: 'Xtigervnc', debianPackage: 'tigervnc-standalone-server', for: 'tests of probes' },
  { command: 'telnetd', debianPackage: 'inetutils-telnetd', for: 'tests of probes' },
  {
    command: 'pymodbus.server',
    debianPackage: 'python3-pymodbus python3-serial python3-serial-asyncio',
    for: 'tests of probes',
  },
  { command: 'memcached', debianPackage: 'memcached', for: 'tests of probes' },
  { command: 'nmbd', debianPackage: 'samba', for: 'tests of probes' },
  { command: 'nft', debianPackage: 'nftables', for: 'tests of the access gate' },
  { command: 'eapol_test', debianPackage: 'eapoltest', for: 'tests of the access gate' },
  { command: 'freeradius', debianPackage: 'freeradius', for: 'tests of the access gate' },
  { command: 'chronyd', debianPackage: 'chrony', for: 'tests of probes' },
  { command: 'avahi-daemon', debianPackage: 'avahi-daemon', for: 'tests of probes' },
  { command: 'dms', debianPackage: 'anacrolix-dms', for: 'tests of probes' },
  { command: 'nmap', debianPackage: 'nmap', for: 'tests of probes' },
  { command: 'rsyslogd', debianPackage: 'rsyslog rsyslog-openssl', for: 'tests of logs' },
  { command: 'ping', debianPackage: 'iputils-ping', for: 'tests of availability checks' },
  { command: 'sshpass', debianPackage: 'sshpass', for: 'tests of decoys' },
  { command: 'telnet', debianPackage: 'inetutils-telnet', for: 'tests of decoys' },
  { command: 'ftp', debianPackage: 'tnftp', for: 'tests of decoys' },
  { command: 'smbclient', debianPackage: 'smbclient', for: 'tests of decoys' },
  { command: 'curl', debianPackage: 'curl', for: 'tests of decoys' },
  { command: 'vncsnapshot', debianPackage: 'vncsnapshot', for: 'tests of decoys' },
  { command: 'xfreerdp', debianPackage: 'freerdp2-x11', for: 'tests of decoys' },
  { command: 'unzip', debianPackage: 'unzip', for: 'tests of evidence' },
  { command: 'aiosmtpd', debianPackage: 'python3-aiosmtpd', for: 'tests of notifications' },
  { command: 'slapd', debianPackage: 'slapd', for: 'tests of actuators' },
  { command: 'named', debianPackage: 'bind9', for: 'tests of actuators' },
  { command: 'nsupdate', debianPackage: 'bind9-dnsutils', for: 'tests of actuators' },
  { command: 'restic', debianPackage: 'restic', for: 'tests of actuators' },
  { command: 'borg', debianPackage: 'borgbackup', for: 'tests of actuators' },
  { command: 'tshark', debianPackage: 'tshark', for: 'tests and benchmarks that compare with a peer' },
];

installMissing(PROGRAMS);
for (const { command, debianPackage, for: purpose } of PROGRAMS) {
  if (isInstalled(command)) continue;
  console.error(`${command} is missing; ${purpose} will fail. As root: apt-get install -y ${debianPackage}`);
}
