export { ACTUATOR_KINDS } from './actuators/kinds.ts';
export {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  type ActuatorContext,
  ActuatorError,
  type ActuatorKind,
  type Capability,
  type ClinicalFlow,
  type Json,
  type Preparation,
  type Proof,
} from './contract/actuator.ts';
export { type Machine, machineOf } from './means/machine.ts';
export {
  OPENC2_TARGET_TYPES,
  OpenC2Action,
  OpenC2Arguments,
  OpenC2Command,
  OpenC2Target,
  type OpenC2TargetType,
  targetTypeOf,
} from './openc2/command.ts';
export { type Drift, findDrift, KnownGood, openKnownGood, signKnownGood } from './recovery/known-good.ts';
export {
  advanceRecovery,
  beginRecovery,
  DEFAULT_RECOVERY_POLICY,
  orderOf,
  type RecoveryEvent,
  type RecoveryOrder,
  type RecoveryPhase,
  type RecoveryPolicy,
  type RecoveryState,
} from './recovery/recovery-run.ts';
export { type Dependency, planRestoreOrder, type Restorable, type RestoreStep } from './recovery/restore-order.ts';
export { type StateScope, SYSTEMD_SERVICES, takeState } from './recovery/take-state.ts';
