import { z } from 'zod';
import { type AgentTarget, AgentTargets, AuthenticationInfos, Identity } from './agents.ts';
import { Extensions, ExternalReference, filledList, Identifiers, Name, Variables } from './data-types.ts';
import { CacaoIdentifier, CacaoTimestamp, identifierOf, MillisecondTimestamp } from './identifier.ts';
import { DataMarkings, ExtensionDefinitions, Signature } from './markings.ts';
import { type Step, Workflow } from './steps.ts';

const SCALE = z.int().min(0).max(100);

/** §3.1.1 `playbook-type-ov`. */
export const PLAYBOOK_TYPES = [
  'attack',
  'detection',
  'engagement',
  'investigation',
  'mitigation',
  'notification',
  'prevention',
  'remediation',
] as const;

/** §10.14: features, so that a reader need not read the whole to know whether it can carry it out. */
export const PROCESSING_FEATURES = [
  'manual_playbook',
  'external_playbooks',
  'parallel_processing',
  'if_logic',
  'while_logic',
  'switch_logic',
  'temporal_logic',
  'data_markings',
  'digital_signatures',
  'countersigned_signatures',
  'extensions',
] as const;
export type ProcessingFeature = (typeof PROCESSING_FEATURES)[number];

const ProcessingSummary = z.strictObject(
  Object.fromEntries(PROCESSING_FEATURES.map((feature) => [feature, z.boolean().optional()])) as Record<
    ProcessingFeature,
    z.ZodOptional<z.ZodBoolean>
  >,
);

/** A playbook of CACAO Security Playbooks 2.0, Committee Specification 01 (OASIS, 27 November 2023), §3.1. */
export const PlaybookShape = z.strictObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0', { error: 'Must be "cacao-2.0": other versions have other properties' }),
  id: identifierOf('playbook'),
  name: Name,
  description: z.string().optional(),
  playbook_types: filledList(z.string()).optional(),
  playbook_activities: filledList(z.string()).optional(),
  playbook_processing_summary: ProcessingSummary.optional(),
  created_by: Identity,
  created: MillisecondTimestamp,
  modified: MillisecondTimestamp,
  revoked: z.boolean().optional(),
  valid_from: CacaoTimestamp.optional(),
  valid_until: CacaoTimestamp.optional(),
  derived_from: filledList(identifierOf('playbook')).optional(),
  related_to: Identifiers.optional(),
  priority: SCALE.optional(),
  severity: SCALE.optional(),
  impact: SCALE.optional(),
  industry_sectors: filledList(z.string()).optional(),
  labels: filledList(z.string()).optional(),
  external_references: filledList(ExternalReference).optional(),
  markings: Identifiers.optional(),
  playbook_variables: Variables.optional(),
  workflow_start: identifierOf('start'),
  workflow_exception: CacaoIdentifier.optional(),
  workflow: Workflow,
  playbook_extensions: Extensions.optional(),
  authentication_info_definitions: AuthenticationInfos.optional(),
  agent_definitions: AgentTargets.optional(),
  target_definitions: AgentTargets.optional(),
  extension_definitions: ExtensionDefinitions.optional(),
  data_marking_definitions: DataMarkings.optional(),
  signatures: filledList(Signature).optional(),
});

/** A playbook that was read and found whole. */
export interface Playbook extends Readonly<Omit<z.infer<typeof PlaybookShape>, 'workflow'>> {
  readonly workflow: Readonly<Record<string, Step>>;
}
export type Agents = Readonly<Record<string, AgentTarget>>;
