import type { ActuatorKind } from '../contract/actuator.ts';
import { borg } from './backup/borg.ts';
import { restic } from './backup/restic.ts';
import { dnsRpz } from './dns-rpz/dns-rpz.ts';
import { ldap } from './ldap/ldap.ts';
import { mail } from './message/mail.ts';
import { ticket, webhook } from './message/web-messages.ts';
import { nftables } from './nftables/nftables.ts';
import { radius } from './radius/radius.ts';
import { sshCommand } from './ssh-command/ssh-command.ts';

/** Every kind of actuator that a hospital can set up. */
export const ACTUATOR_KINDS: readonly ActuatorKind[] = [
  nftables,
  dnsRpz,
  radius,
  ldap,
  sshCommand,
  restic,
  borg,
  mail,
  webhook,
  ticket,
];
