export type { Playbook } from './cacao/playbook.ts';
export type { Step } from './cacao/steps.ts';
export type { Problem } from './check/problem.ts';
export { type OutlineStep, outline } from './outline.ts';
export {
  canonicalPlaybook,
  checkPlaybook,
  MAXIMUM_PLAYBOOK_CHARACTERS,
  type PlaybookReading,
  readPlaybook,
} from './read-playbook.ts';
export { matchTriggers, type Situation, type TriggerMatch } from './response/match.ts';
export { responseOf } from './response/read-response.ts';
export {
  ClinicalResponse,
  Effects,
  Interference,
  RESPONSE_EXTENSION,
  RESPONSE_VERSION,
  Reversibility,
  SPHINX_IDENTITY,
  Trigger,
} from './response/response.ts';
export { summarise } from './summarise.ts';
