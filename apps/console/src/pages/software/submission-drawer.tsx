import { Alert, Anchor, Button, Group, List, Stack, Table, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { apiUrl } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { DetailDrawer } from '../../components/detail-drawer.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { Fact, FactTable } from '../../components/fact-rows.tsx';
import { formatBytes, formatCount, formatQuantity } from '../../components/format.ts';
import { SectionTitle } from '../../components/section-title.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { contentText, modelText, SubmissionBadge } from '../vendor/submission-words.tsx';
import {
  type Decision,
  decideOn,
  type Submission,
  type SubmissionEffect,
  useSoftwareChange,
  useSubmission,
} from './queries.ts';

/** One document of a vendor: what it says, what it would change, and whether it counts. */
export function SubmissionDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  return (
    <DetailDrawer title="A document of a vendor" id={id} onClose={onClose}>
      {(open) => <OneSubmission key={open} id={open} />}
    </DetailDrawer>
  );
}

function OneSubmission({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useSubmission(id);
  if (isPending) return <LoadingState what="the document" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const { submission, effect } = data;
  return (
    <Stack>
      <Facts submission={submission} />
      {effect !== null && <Effect effect={effect} />}
      {submission.claims.length > 0 && <Claims submission={submission} />}
      {submission.problems.length > 0 && (
        <Alert color="yellow" variant="outline" title="Left out">
          <List size="sm">
            {submission.problems.map(({ where, what }) => (
              <List.Item key={`${where} ${what}`} style={{ overflowWrap: 'anywhere' }}>
                {where}: {what}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <DecisionForm submission={submission} />
    </Stack>
  );
}

function Facts({ submission }: { submission: Submission }) {
  const { decidedBy, decidedAt, decision, note } = submission;
  return (
    <FactTable label="The document">
      <Fact title="Document">
        {submission.fileName} <SubmissionBadge state={submission.state} />
        <Text size="xs" c="dimmed">
          {contentText(submission)}
        </Text>
      </Fact>
      <Fact title="About">{modelText(submission)}</Fact>
      <Fact title="Sent">{`${formatTime(submission.receivedAt)} by ${submission.by}`}</Fact>
      {note !== '' && <Fact title="Note">{note}</Fact>}
      {decidedAt !== null && (
        <Fact title="Decided">{`${formatTime(decidedAt)} by ${decidedBy ?? 'the vendor'}: ${decision}`}</Fact>
      )}
      <Fact title="File">
        <Anchor href={apiUrl(`/vendor-submissions/${encodeURIComponent(submission.id)}/file`)} download size="sm">
          Save as it came
        </Anchor>{' '}
        ({formatBytes(submission.bytes)})
        <Text size="xs" c="dimmed" ff="monospace">
          SHA-256 {submission.sha256}
        </Text>
      </Fact>
    </FactTable>
  );
}

const EFFECTS = [
  { part: 'closes', title: 'Weaknesses that would no longer stand', by: 'since the vendor says so' },
  { part: 'opens', title: 'Weaknesses that would be found', by: '' },
  { part: 'changes', title: 'Weaknesses that would become clearer, or less clear', by: '' },
] as const;

function Effect({ effect }: { effect: SubmissionEffect }) {
  const { devices, software, answers } = effect;
  const isNothing = EFFECTS.every(({ part }) => effect[part].length === 0);
  return (
    <Alert color="blue" variant="outline" title="If it is accepted">
      <Stack gap="xs">
        <Text size="sm">
          {devices === 0
            ? 'No device of this model is here yet; it counts for those that come.'
            : `It counts for ${formatQuantity(devices, 'device')}.`}
          {software !== null &&
            ` Its list brings ${formatQuantity(software.added, 'new component')}, and ${formatCount(software.removed)} go.`}
          {answers !== null && ` Checks of the verification are judged by ${formatQuantity(answers, 'answer')}.`}
          {isNothing && ' No weakness would change now.'}
        </Text>
        {EFFECTS.map(({ part, title, by }) => (
          <Touched key={part} title={by === '' ? title : `${title}, ${by}`} items={effect[part]} />
        ))}
      </Stack>
    </Alert>
  );
}

const MOST_TOUCHED = 20;

function Touched({ title, items }: { title: string; items: SubmissionEffect['closes'] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {items.slice(0, MOST_TOUCHED).map(({ weakness, title: name, devices }) => (
          <List.Item key={weakness}>
            <Anchor component={Link} to={`/weaknesses/${encodeURIComponent(weakness)}`} size="sm" underline="always">
              {weakness}
            </Anchor>{' '}
            on {formatQuantity(devices, 'device')}
            {name !== weakness && `: ${name}`}
          </List.Item>
        ))}
      </List>
      {items.length > MOST_TOUCHED && <Text size="sm">and {formatCount(items.length - MOST_TOUCHED)} more</Text>}
    </div>
  );
}

function Claims({ submission }: { submission: Submission }) {
  return (
    <>
      <SectionTitle>What the vendor claims</SectionTitle>
      <Table.ScrollContainer minWidth={520}>
        <Table aria-label="Claims of the vendor">
          <TableHead columns={['Weakness', 'Status', 'Versions', 'Why, says the vendor']} />
          <Table.Tbody>
            {submission.claims.map(({ weakness, status, versions, note }) => (
              <Table.Tr key={`${weakness} ${status} ${versions} ${note}`}>
                <Table.Td>{weakness}</Table.Td>
                <Table.Td>{status.replaceAll('-', ' ')}</Table.Td>
                <Table.Td>{versions || 'every version'}</Table.Td>
                <Table.Td maw={260} style={{ overflowWrap: 'anywhere' }}>
                  {note || 'no reason given'}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function DecisionForm({ submission: { id, state } }: { submission: Submission }) {
  const mayDecide = useMay('weaknesses:accept');
  const [reason, setReason] = useState('');
  const decide = useSoftwareChange(decideOn);
  if (state !== 'waiting' && state !== 'accepted') return null;
  if (!mayDecide) return <Text size="sm">A security officer decides on it.</Text>;
  const button = (decision: Decision, label: string, isMain: boolean) => (
    <Button
      {...(isMain ? {} : { variant: 'default' })}
      disabled={reason.trim().length < 3}
      loading={decide.isPending}
      onClick={() => decide.mutate({ id, decision, reason }, { onSuccess: () => setReason('') })}
    >
      {label}
    </Button>
  );
  return (
    <Stack gap="xs">
      <Textarea
        label={state === 'waiting' ? 'Your decision in words' : 'Why it is taken back'}
        description="The vendor reads it. Your name is not shown to the vendor; it is kept here and in the audit trail."
        required
        autosize
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <ErrorText error={decide.error} />
      <Group>
        {state === 'waiting' ? (
          <>
            {button('accept', 'Accept', true)}
            {button('refuse', 'Refuse', false)}
          </>
        ) : (
          button('take-back', 'Take back', false)
        )}
      </Group>
    </Stack>
  );
}
