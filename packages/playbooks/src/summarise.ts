import type { Playbook, ProcessingFeature } from './cacao/playbook.ts';

/** @returns which features a playbook really has, for `playbook_processing_summary` (CACAO 2.0 §10.14) */
export function summarise(playbook: Playbook): Readonly<Record<ProcessingFeature, boolean>> {
  const steps = Object.values(playbook.workflow);
  const has = (type: string) => steps.some((step) => step.type === type);
  const commands = steps.flatMap((step) => step.commands ?? []);
  return {
    manual_playbook: commands.length > 0 && commands.every(({ type }) => type === 'manual'),
    external_playbooks: has('playbook-action'),
    parallel_processing: has('parallel'),
    if_logic: has('if-condition'),
    while_logic: has('while-condition'),
    switch_logic: has('switch-condition'),
    temporal_logic: steps.some(({ delay, timeout }) => delay !== undefined || timeout !== undefined),
    data_markings: (playbook.markings ?? []).length > 0,
    digital_signatures: (playbook.signatures ?? []).length > 0,
    countersigned_signatures: (playbook.signatures ?? []).some(({ signature }) => signature !== undefined),
    extensions:
      Object.keys(playbook.playbook_extensions ?? {}).length > 0 ||
      steps.some(({ step_extensions = {} }) => Object.keys(step_extensions).length > 0),
  };
}
