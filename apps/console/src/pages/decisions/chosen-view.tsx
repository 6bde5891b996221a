import { Button, Group, Modal, Select, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Decision, tellOutcome, useDecisionChange, useDecisions } from './queries.ts';

const RESULTS = [
  { value: 'worked', label: 'It worked' },
  { value: 'partly', label: 'It worked in part' },
  { value: 'failed', label: 'It failed' },
];
const CARE = [
  { value: 'as-expected', label: 'Care noticed what was expected' },
  { value: 'less', label: 'Care noticed less' },
  { value: 'more', label: 'Care was disturbed more' },
];

/** What people chose, and what came of it. */
export function ChosenView() {
  const { data, error, refetch } = useDecisions();
  const [asked, setAsked] = useState<Decision>();
  const mayWrite = useMay('decisions:write');
  if (data === undefined) {
    return error === null ? <LoadingState what="the decisions" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing was chosen yet"
        description="Open what is to decide, and choose a course of action. What came of it is told here later."
      />
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={760}>
        <Table aria-label="Chosen, newest first" verticalSpacing="xs">
          <TableHead columns={['When', 'What', 'Chosen', 'Place', 'By', 'What came of it']} />
          <Table.Tbody>
            {data.items.map((decision) => (
              <Table.Tr key={decision.id}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatTime(decision.at)}</Table.Td>
                <Table.Td>{decision.subjectName}</Table.Td>
                <Table.Td maw={320}>
                  {decision.courseTitle}
                  {decision.reason !== '' && (
                    <Text size="xs" c="dimmed">
                      {decision.reason}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {decision.place} of {decision.choices.length}
                </Table.Td>
                <Table.Td>{decision.by}</Table.Td>
                <Table.Td maw={260}>
                  {decision.outcome !== null && (
                    <Text size="sm">
                      {RESULTS.find(({ value }) => value === decision.outcome?.result)?.label}.{' '}
                      {CARE.find(({ value }) => value === decision.outcome?.care)?.label}. {decision.outcome.note}
                    </Text>
                  )}
                  {mayWrite && (
                    <Button size="compact-xs" variant="default" onClick={() => setAsked(decision)}>
                      {decision.outcome === null ? 'Tell what came of it' : 'Change'}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {asked !== undefined && <OutcomeDialog decision={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function OutcomeDialog({ decision, onClose }: { decision: Decision; onClose: () => void }) {
  const [result, setResult] = useState(decision.outcome?.result ?? 'worked');
  const [care, setCare] = useState(decision.outcome?.care ?? 'as-expected');
  const [note, setNote] = useState(decision.outcome?.note ?? '');
  const tell = useDecisionChange(() => tellOutcome(decision.id, { result, care, note }));
  return (
    <Modal opened onClose={onClose} title={`What came of "${decision.courseTitle}"?`}>
      <Stack>
        <Select
          label="Did it avert what it should?"
          data={RESULTS}
          value={result}
          onChange={(value) => setResult(value ?? result)}
          allowDeselect={false}
        />
        <Select
          label="And care?"
          data={CARE}
          value={care}
          onChange={(value) => setCare(value ?? care)}
          allowDeselect={false}
        />
        <Textarea
          label="Note"
          description="Without data of patients"
          value={note}
          onChange={({ currentTarget }) => setNote(currentTarget.value)}
          autosize
          minRows={2}
        />
        <Text size="xs" c="dimmed">
          The figures of this playbook learn from it: the next ranking counts it.
        </Text>
        <ErrorText error={tell.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={tell.isPending} onClick={() => tell.mutate(undefined, { onSuccess: onClose })}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
