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
export {
  OPENC2_TARGET_TYPES,
  OpenC2Action,
  OpenC2Arguments,
  OpenC2Command,
  OpenC2Target,
  type OpenC2TargetType,
  targetTypeOf,
} from './openc2/command.ts';
