import { Alert, Anchor, Badge, Button, Group, List, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconHeartbeat } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { type Approval, approve, refuse, useApprovals, useResponseChange } from './queries.ts';

/** What waits for somebody to agree, those first that wait for me? */
export function ApprovalsView() {
  const { data, error, isPending, refetch } = useApprovals();
  if (isPending) return <LoadingState what="what waits for approval" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  if (data.items.length === 0) {
    return (
      <EmptyState
        title="Nothing waits for approval"
        description="When an action could touch care, it is shown here with its reasons, its effects and what care would lose."
      />
    );
  }
  const mineFirst = data.items.toSorted((a, b) => Number(b.mayApprove) - Number(a.mayApprove));
  return (
    <Stack>
      {mineFirst.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </Stack>
  );
}

/** One question to people, with all that they need to answer it. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const { title, run, reasons, effects, careLoss, milder, parts, askedBy, askedAt, state, mayApprove, problem, note } =
    approval;
  return (
    <Paper component="article" p="md" withBorder aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h5">
            {title}
          </Title>
          <Badge color={mayApprove ? 'yellow.4' : 'gray.7'} tt="none" autoContrast flex="none">
            {mayApprove ? 'waits for you' : state}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          <Anchor component={Link} to={`/response/${encodeURIComponent(run)}`} size="sm" underline="always">
            {run}
          </Anchor>
          {`, asked by ${askedBy.name}, ${formatTime(askedAt)}${note === '' ? '' : `. ${note}`}`}
        </Text>
        {careLoss.length > 0 && (
          <Alert color="red" variant="outline" icon={<IconHeartbeat aria-hidden />} title="What care loses">
            <Lines lines={careLoss} />
          </Alert>
        )}
        {reasons.length > 0 && <Part title="Why somebody has to agree" lines={reasons} />}
        {effects.length > 0 && <Part title="What would be done" lines={effects} />}
        {milder !== null && <Part title="With a micro-quarantine instead" lines={milder.effects} />}
        <Lines
          lines={parts.map(({ title: group, agreedBy, roles, dueAt }) =>
            agreedBy === null
              ? `${group}: waits for ${roles.join(' or ')} until ${formatTime(dueAt)}`
              : `${group}: ${agreedBy} agreed`,
          )}
        />
        {mayApprove ? (
          <Answer approval={approval} />
        ) : (
          problem !== null && (
            <Text size="sm" c="dimmed">
              {problem}
            </Text>
          )
        )}
      </Stack>
    </Paper>
  );
}

function Answer({ approval: { id, milder, title } }: { approval: Approval }) {
  const may = useMay('response:approve');
  const [note, setNote] = useState('');
  const agree = useResponseChange(approve);
  const deny = useResponseChange(refuse);
  if (!may) return null;
  return (
    <Stack gap="xs">
      <TextInput
        label="Note or reason"
        description="Without data of patients; needed to refuse."
        aria-label={`Note or reason for ${title}`}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group>
        {milder !== null && (
          <Button loading={agree.isPending} onClick={() => agree.mutate({ id, note, instead: 'micro-quarantine' })}>
            Agree to a micro-quarantine
          </Button>
        )}
        <Button
          variant={milder === null ? 'filled' : 'default'}
          loading={agree.isPending}
          onClick={() => agree.mutate({ id, note })}
        >
          {milder === null ? 'Agree' : 'Agree as it is written'}
        </Button>
        <Button
          color="red.9"
          disabled={note.trim() === ''}
          loading={deny.isPending}
          onClick={() => deny.mutate({ id, reason: note })}
        >
          Refuse
        </Button>
      </Group>
      <ErrorText error={agree.error ?? deny.error} />
    </Stack>
  );
}

function Part({ title, lines }: { title: string; lines: readonly string[] }) {
  return (
    <div>
      <Text fw={500} size="sm">
        {title}
      </Text>
      <Lines lines={lines} />
    </div>
  );
}

export function Lines({ lines }: { lines: readonly string[] }) {
  return (
    <List size="sm" spacing={2}>
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  );
}
