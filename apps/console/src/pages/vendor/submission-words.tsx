import { Badge } from '@mantine/core';
import { formatQuantity } from '../../components/format.ts';
import type { OwnSubmission, SubmissionState } from './queries.ts';

const STATES: Readonly<Record<SubmissionState, { readonly title: string; readonly color: string }>> = {
  waiting: { title: 'Waits for a decision', color: 'yellow.4' },
  accepted: { title: 'Accepted', color: 'green.9' },
  refused: { title: 'Refused', color: 'red.9' },
  withdrawn: { title: 'Withdrawn', color: 'gray.7' },
};

export function SubmissionBadge({ state }: { state: SubmissionState }) {
  const { title, color } = STATES[state];
  return (
    <Badge color={color} tt="none" flex="none">
      {title}
    </Badge>
  );
}

const KINDS = { sbom: 'SBOM', vex: 'VEX', mds2: 'MDS2 form' } as const;

/** @returns what a document holds, in words */
export function contentText({ kinds, formatTitle, totals }: OwnSubmission): string {
  const parts = [
    totals.software === 0 ? '' : formatQuantity(totals.software, 'component'),
    totals.claims === 0 ? '' : formatQuantity(totals.claims, 'claim'),
    totals.answers === 0 ? '' : formatQuantity(totals.answers, 'answer'),
  ];
  return `${kinds.map((kind) => KINDS[kind]).join(' and ')} (${formatTitle}): ${parts.filter(Boolean).join(', ')}`;
}

/** @returns the model that it is about */
export function modelText({ maker, model, version }: OwnSubmission): string {
  return [maker, model, version === '' ? '(every version)' : version].join(' ');
}
