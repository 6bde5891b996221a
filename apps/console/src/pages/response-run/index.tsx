import { Alert, Anchor, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { useMay } from '../../api/session.ts';
import { SampleBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { ApprovalCard, Lines } from '../response/approvals-view.tsx';
import { KillSwitch } from '../response/kill-switch.tsx';
import { changeRun, planRun, type RunDetail, useResponseChange, useRun } from '../response/queries.ts';
import { RunBadge } from '../response/state-badge.tsx';
import { TaskCard } from '../response/tasks-view.tsx';
import { ActionRows } from './action-rows.tsx';
import { PlanRows } from './plan-rows.tsx';

/** What would this run do, what has it done, and what now? */
export default function RunPage() {
  const { id = '' } = useParams();
  const { data, error, isPending, refetch } = useRun(id);
  if (isPending) return <LoadingState what="the run" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const { name, playbook, subject, refused, missing, plan, history, tasks, approvals, reason, isSample } = data;
  return (
    <Stack gap="md">
      <PageHeader
        title={`${name}: ${playbook.name}`}
        description={
          <Group gap={6}>
            <RunBadge run={data} />
            {isSample && <SampleBadge />}
            <Subject subject={subject} />
            {reason !== '' && <Text size="sm">{reason}</Text>}
          </Group>
        }
        actions={<Changes run={data} />}
      />
      <KillSwitch />
      {refused.length > 0 && (
        <Alert color="red" variant="outline" title="The guard refuses it">
          <Lines lines={refused} />
        </Alert>
      )}
      {missing.length > 0 && (
        <Alert color="yellow" variant="outline" title="Not everything is known">
          {`Nobody said what these are, so that their steps are tasks of people: ${missing.join(', ')}.`}
        </Alert>
      )}
      {approvals.length > 0 && (
        <Title order={2} size="h4">
          Approval
        </Title>
      )}
      {approvals.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
      {history.length > 0 && (
        <Title order={2} size="h4">
          Done by actuators
        </Title>
      )}
      {history.length > 0 && <ActionRows actions={history} />}
      {tasks.length > 0 && (
        <Title order={2} size="h4">
          Tasks of people
        </Title>
      )}
      {tasks.map((task) => (
        <TaskCard key={task.id} task={task} />
      ))}
      <Title order={2} size="h4">
        Plan
      </Title>
      <PlanRows plan={plan} />
    </Stack>
  );
}

function Subject({ subject: { kind, id, name } }: { subject: RunDetail['subject'] }) {
  const paths: Readonly<Record<string, string>> = {
    incident: '/incidents',
    weakness: '/weaknesses',
    device: '/assets',
  };
  const path = paths[kind];
  if (path === undefined) return <Text size="sm">{name}</Text>;
  return (
    <Anchor component={Link} to={`${path}/${encodeURIComponent(id)}`} size="sm">
      {name}
    </Anchor>
  );
}

function Changes({ run }: { run: RunDetail }) {
  const may = useMay('response:run');
  const change = useResponseChange(changeRun);
  if (!may) return null;
  const { state, isDryRun, name, history, refused } = run;
  const does = (label: string, which: string, question: string, consequence: string) => (
    <ConfirmButton
      key={which}
      variant={which === 'start' ? 'filled' : 'default'}
      question={question}
      consequence={consequence}
      confirmLabel={label}
      onConfirm={() => change.mutateAsync({ id: name, change: which })}
    >
      {label}
    </ConfirmButton>
  );
  const isGoing = ['awaiting-approval', 'running', 'stopped'].includes(state);
  const isMilder =
    run.isolation === 'as-written' && run.plan.some(({ verdict }) => verdict?.milder !== null && verdict !== null);
  return (
    <>
      {state === 'planned' && isMilder && <Milder run={run} />}
      {state === 'planned' &&
        !isDryRun &&
        refused.length === 0 &&
        does(
          'Begin',
          'start',
          `Begin ${name}?`,
          'The guard looks once more. Whoever has to agree is asked; the rest begins at once.',
        )}
      {state === 'stopped' && does('Go on', 'resume', `Go on with ${name}?`, 'It goes on where it was stopped.')}
      {history.some(({ undoAt }) => undoAt !== null) &&
        does('Confirm', 'confirm', `Confirm ${name}?`, 'What it did stays until somebody undoes it.')}
      {history.some(({ state: each, isReversible }) => isReversible && ['done', 'undo-failed'].includes(each)) &&
        does('Undo', 'undo', `Undo ${name}?`, 'Everything that it did is taken back, the last first.')}
      {isGoing &&
        does('End', 'cancel', `End ${name}?`, 'Nothing more is done. What was done stays until it is undone.')}
    </>
  );
}

function Milder({ run: { playbook, subject, variables, isDryRun } }: { run: RunDetail }) {
  const navigate = useNavigate();
  const plan = useResponseChange(planRun);
  const body = {
    playbook: playbook.id,
    subject: subject.kind === 'exercise' ? '' : subject.id,
    variables,
    isDryRun,
    isolation: 'micro-quarantine',
  };
  return (
    <>
      <Button
        variant="light"
        loading={plan.isPending}
        onClick={() =>
          plan.mutate(body, { onSuccess: ({ name }) => navigate(`/response/${encodeURIComponent(name)}`) })
        }
      >
        Plan with a micro-quarantine
      </Button>
      <ErrorText error={plan.error} />
    </>
  );
}
