import type { Probe } from './probe.ts';
import { dicomEcho } from './probes/clinical/dicom-echo.ts';
import { dicomTitles } from './probes/clinical/dicom-titles.ts';
import { fhirAnonymous } from './probes/clinical/fhir-anonymous.ts';
import { fhirMetadata } from './probes/clinical/fhir-metadata.ts';
import { hl7Query } from './probes/clinical/hl7-query.ts';
import { cassandraAccess } from './probes/data-stores/cassandra-access.ts';
import { elasticsearchAccess } from './probes/data-stores/elasticsearch-access.ts';
import { memcachedAccess } from './probes/data-stores/memcached-access.ts';
import { mongodbAccess } from './probes/data-stores/mongodb-access.ts';
import { mysqlAccess } from './probes/data-stores/mysql-access.ts';
import { postgresqlAccess } from './probes/data-stores/postgresql-access.ts';
import { redisAccess } from './probes/data-stores/redis-access.ts';
import { greeting } from './probes/discovery/greeting.ts';
import { tcpPort } from './probes/discovery/tcp-port.ts';
import { tlsFeatures } from './probes/encryption/tls-features.ts';
import { tlsVersions } from './probes/encryption/tls-versions.ts';
import { tlsWeakSuites } from './probes/encryption/tls-weak-suites.ts';
import { ftpAnonymous } from './probes/files-and-names/ftp-anonymous.ts';
import { ftpGreeting } from './probes/files-and-names/ftp-greeting.ts';
import { smbDialects } from './probes/files-and-names/smb-dialects.ts';
import { smbGuest } from './probes/files-and-names/smb-guest.ts';
import { smtpGreeting } from './probes/files-and-names/smtp-greeting.ts';
import { bacnetIdentity } from './probes/operations/bacnet-identity.ts';
import { mdnsServices } from './probes/operations/mdns-services.ts';
import { modbusIdentity } from './probes/operations/modbus-identity.ts';
import { mqttAnonymous } from './probes/operations/mqtt-anonymous.ts';
import { nbnsStatus } from './probes/operations/nbns-status.ts';
import { ntpTime } from './probes/operations/ntp-time.ts';
import { snmpSystem } from './probes/operations/snmp-system.ts';
import { ssdpSearch } from './probes/operations/ssdp-search.ts';
import { defaultCommunities, defaultCredentials } from './probes/remote-access/default-credentials.ts';
import { rdpSecurity } from './probes/remote-access/rdp-security.ts';
import { sshAlgorithms } from './probes/remote-access/ssh-algorithms.ts';
import { telnetGreeting } from './probes/remote-access/telnet-greeting.ts';
import { vncSecurity } from './probes/remote-access/vnc-security.ts';
import { httpPage } from './probes/web/http-page.ts';

/** Every probe, in the order in which they run: those that only listen first, those that log in last. */
export const PROBES: readonly Probe[] = [
  tcpPort,
  greeting,
  tlsVersions,
  tlsFeatures,
  sshAlgorithms,
  httpPage,
  smbDialects,
  rdpSecurity,
  vncSecurity,
  telnetGreeting,
  ftpGreeting,
  smtpGreeting,
  snmpSystem,
  ntpTime,
  nbnsStatus,
  mdnsServices,
  ssdpSearch,
  bacnetIdentity,
  dicomEcho,
  fhirMetadata,
  fhirAnonymous,
  mqttAnonymous,
  redisAccess,
  mongodbAccess,
  elasticsearchAccess,
  memcachedAccess,
  cassandraAccess,
  tlsWeakSuites,
  dicomTitles,
  hl7Query,
  modbusIdentity,
  smbGuest,
  ftpAnonymous,
  postgresqlAccess,
  mysqlAccess,
  defaultCommunities,
  defaultCredentials,
];
