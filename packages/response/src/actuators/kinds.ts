import type { ActuatorKind } from '../contract/actuator.ts';
import { borg } from './backup/borg.ts';
import { restic } from './backup/restic.ts';
import { ldap } from './ldap/ldap.ts';
import { nftables } from './nftables/nftables.ts';
import { sshCommand } from './ssh-command/ssh-command.ts';

/** Every kind of actuator that a hospital can set up. */
export const ACTUATOR_KINDS: readonly ActuatorKind[] = [nftables, ldap, sshCommand, restic, borg];
