import type { ActuatorKind } from '../contract/actuator.ts';
import { borg } from './backup/borg.ts';
import { restic } from './backup/restic.ts';
import { dnsRpz } from './dns-rpz/dns-rpz.ts';
import { keycloak } from './keycloak/keycloak.ts';
import { ldap } from './ldap/ldap.ts';
import { ciscoIse } from './lists/cisco-ise.ts';
import { fortios } from './lists/fortios.ts';
import { opnsense, pfsense } from './lists/opnsense.ts';
import { panos } from './lists/panos.ts';
import { mail } from './message/mail.ts';
import { ticket, webhook } from './message/web-messages.ts';
import { nftables } from './nftables/nftables.ts';
import { proxmox } from './proxmox/proxmox.ts';
import { radius } from './radius/radius.ts';
import { snmpPort } from './snmp-port/snmp-port.ts';
import { sshCommand } from './ssh-command/ssh-command.ts';
import { wazuh } from './wazuh/wazuh.ts';

/** Every kind of actuator that a hospital can set up. */
export const ACTUATOR_KINDS: readonly ActuatorKind[] = [
  nftables,
  opnsense,
  pfsense,
  fortios,
  panos,
  ciscoIse,
  dnsRpz,
  radius,
  snmpPort,
  ldap,
  keycloak,
  sshCommand,
  wazuh,
  restic,
  borg,
  proxmox,
  mail,
  webhook,
  ticket,
];
