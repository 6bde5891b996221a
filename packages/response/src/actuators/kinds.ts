import type { ActuatorKind } from '../contract/actuator.ts';
import { nftables } from './nftables/nftables.ts';

/** Every kind of actuator that a hospital can set up. */
export const ACTUATOR_KINDS: readonly ActuatorKind[] = [nftables];
