import { Group, Stack, Table, Text } from '@mantine/core';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { formatQuantity, formatShare } from '../../components/format.ts';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import {
  acceptCandidate,
  discardCandidate,
  type ModelFigures,
  type RetrainedModel,
  type SideBySide,
} from './model-queries.ts';
import { useRuleChange } from './queries.ts';

/** Is the candidate better than what runs? */
export function CandidateSection({ candidate, mayWrite }: { candidate: RetrainedModel; mayWrite: boolean }) {
  const { name, trainedAt, feedback, comparedWith, comparison } = candidate;
  const { heldOut, mayRunningHaveLearnt, feedback: judged, learntFeedback } = comparison;
  const accept = useRuleChange(acceptCandidate);
  const discard = useRuleChange(discardCandidate);
  const names = { running: comparedWith, candidate: name };
  return (
    <Section title={`Candidate ${name}`}>
      <Stack gap="sm">
        <Text size="sm">
          Trained <TimeText time={trainedAt} /> with {formatQuantity(feedback, 'judged flow')}. {comparedWith} goes on
          until you accept it.
        </Text>
        <Figures title="Training data that it has not learnt" side={heldOut} names={names} />
        {mayRunningHaveLearnt && (
          <Text size="sm" c="dimmed">
            {comparedWith} may have learnt these rows: its figures may be too good beside those of {name}.
          </Text>
        )}
        <Figures title="Judged flows that were kept from learning" side={judged} names={names} />
        <Figures title="Judged flows that it has learnt" side={learntFeedback} names={names} />
        {mayWrite && (
          <Group>
            <ConfirmButton
              question={`Let ${name} judge flows?`}
              consequence={`It takes the place of ${comparedWith}, which can be brought back.`}
              confirmLabel="Accept"
              onConfirm={() => accept.mutateAsync(undefined)}
            >
              Accept the candidate
            </ConfirmButton>
            <ConfirmButton
              variant="default"
              question={`Throw ${name} away?`}
              consequence="What runs goes on. The feedback stays; retraining makes another candidate."
              confirmLabel="Throw it away"
              onConfirm={() => discard.mutateAsync(undefined)}
            >
              Discard
            </ConfirmButton>
          </Group>
        )}
      </Stack>
    </Section>
  );
}

const FIGURES: readonly (readonly [string, (figures: ModelFigures) => string])[] = [
  ['Accuracy', ({ accuracy }) => shareText(accuracy)],
  ['Precision', ({ precision }) => shareText(precision)],
  ['Recall', ({ recall }) => shareText(recall)],
  ['F1', ({ f1 }) => f1?.toFixed(3) ?? '–'],
  ['AUC', ({ areaUnderCurve }) => areaUnderCurve?.toFixed(3) ?? '–'],
  ['Harmless ones called an attack', ({ falsePositiveRate }) => shareText(falsePositiveRate)],
];

function shareText(share: number | null): string {
  return share === null ? '–' : formatShare(share);
}

function Figures(props: { title: string; side: SideBySide | null; names: { running: string; candidate: string } }) {
  const { title, side, names } = props;
  if (side === null) return <Text size="sm">{title}: none.</Text>;
  return (
    <>
      <Text size="sm" fw={500}>
        {title}: {formatQuantity(side.rows, 'row')}, {formatQuantity(side.attacks, 'attack')}
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label={title} verticalSpacing={4}>
          <TableHead
            columns={['Figure', { title: names.running, isNumber: true }, { title: names.candidate, isNumber: true }]}
          />
          <Table.Tbody>
            {FIGURES.map(([figure, of]) => (
              <Table.Tr key={figure}>
                <Table.Td>{figure}</Table.Td>
                <Table.Td ta="right">{of(side.running)}</Table.Td>
                <Table.Td ta="right">{of(side.candidate)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
