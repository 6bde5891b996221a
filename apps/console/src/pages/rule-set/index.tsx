import { Button, Group, Stack, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { request } from '../../api/request.ts';
import { useMay } from '../../api/session.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { formatTime } from '../../components/time-text.tsx';
import { Section } from '../asset/section.tsx';
import { ScheduleInputs } from '../rules/add-set-dialog.tsx';
import { Changes } from '../rules/changes.tsx';
import { previewRules, type RuleOrigin, type RuleSet, takeRules, useRuleChange } from '../rules/queries.ts';
import { RuleFileDrop } from '../rules/rule-file-drop.tsx';
import { ORIGINS, SetProblem } from '../rules/sets-view.tsx';
import { RejectedSection } from './rejected-section.tsx';

type Report = RuleSet & { readonly reasons: readonly { readonly reason: string; readonly count: number }[] };

/** One set: what was loaded, what was not and why, and what comes next. */
export default function RuleSetPage() {
  const { id = '' } = useParams();
  const mayWrite = useMay('rules:write');
  const { data, error, refetch } = useQuery({
    queryKey: ['rules', 'set', id],
    queryFn: ({ signal }) => request<Report>('GET', `/rule-sets/${encodeURIComponent(id)}`, { signal }),
  });
  if (data === undefined) {
    return (
      <>
        <PageHeader title="Rule set" />
        {error === null ? <LoadingState what="the set" /> : <ErrorState error={error} onRetry={refetch} />}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={data.title}
        description={`A rule set that ${ORIGINS[data.origin]}. It is ${data.isEnabled ? 'on' : 'off'}.`}
        actions={<Actions set={data} mayWrite={mayWrite} />}
      />
      <Stack>
        <SetProblem set={data} />
        <Facts set={data} />
        {mayWrite && (data.origin === 'url' || data.origin === 'file') && <UpdateSection key={data.id} set={data} />}
        <RejectedSection id={data.id} rejected={data.rejected} reasons={data.reasons} />
      </Stack>
    </>
  );
}

function Actions({ set, mayWrite }: { set: RuleSet; mayWrite: boolean }) {
  const navigate = useNavigate();
  const path = `/rule-sets/${encodeURIComponent(set.id)}`;
  const undo = useRuleChange(() => request('POST', `${path}/undo`));
  const remove = useRuleChange(() => request('DELETE', path));
  const change = useRuleChange((isEnabled: boolean) => request('PATCH', path, { body: { isEnabled } }));
  return (
    <>
      <Button component={Link} to={`/rules?set=${encodeURIComponent(set.id)}`} variant="default">
        Its rules
      </Button>
      {mayWrite && set.previousAt !== null && (
        <ConfirmButton
          variant="default"
          question={`Undo the last update of ${set.title}?`}
          consequence={`The version of ${formatTime(set.previousAt)} comes back. Later updates wait until somebody has looked at them.`}
          confirmLabel="Undo"
          onConfirm={() => undo.mutateAsync()}
        >
          Undo the last update
        </ConfirmButton>
      )}
      {mayWrite && set.origin !== 'own' && (
        <ConfirmButton
          variant="default"
          question={`Remove ${set.title}?`}
          consequence="Its rules look at nothing any more. What they have detected stays."
          confirmLabel="Remove"
          onConfirm={async () => {
            await remove.mutateAsync();
            await navigate('/rules?view=sets');
          }}
        >
          Remove
        </ConfirmButton>
      )}
      <Switch
        label="On"
        checked={set.isEnabled}
        disabled={!mayWrite || change.isPending}
        onChange={({ currentTarget }) => change.mutate(currentTarget.checked)}
      />
      <ErrorText error={change.error} />
    </>
  );
}

const CHECK_WORDS: Readonly<Record<RuleSet['check'], string>> = {
  none: 'TLS alone',
  md5: 'MD5 beside it, which finds damage only',
  sha256: 'SHA-256 beside it, which finds damage only',
  signature: 'signature of its publisher',
};

function Facts({ set }: { set: RuleSet }) {
  const { lastChange } = set;
  const facts: (readonly [string, string])[] = [
    ['Loaded', `${formatCount(set.loaded)} rules`],
    ['Rejected', `${formatCount(set.rejected)} rules`],
    ['Last update', set.updatedAt === null ? 'never' : formatTime(set.updatedAt)],
    ...(lastChange === null
      ? []
      : [
          ['It brought', `${lastChange.added} new, ${lastChange.changed} changed, ${lastChange.removed} gone`] as const,
        ]),
    ...(set.url === null
      ? []
      : [
          ['Fetched from', set.url] as const,
          ['Proved by', CHECK_WORDS[set.check]] as const,
          ['Last asked', set.checkedAt === null ? 'never' : formatTime(set.checkedAt)] as const,
        ]),
  ];
  return (
    <Section title="What is in force">
      <Table aria-label="What is in force" verticalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {facts.map(([title, value]) => (
            <Table.Tr key={title}>
              <Table.Th scope="row" w={140} fw={500}>
                {title}
              </Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

/** The next version: first what it would change. */
function UpdateSection({ set }: { set: RuleSet }) {
  const [origin, setOrigin] = useState<RuleOrigin | null>(null);
  const preview = useMutation({ mutationFn: previewRules });
  const take = useRuleChange(takeRules);
  const schedule = useRuleChange((body: { updateHours?: number | null; isReviewed?: boolean }) =>
    request('PATCH', `/rule-sets/${encodeURIComponent(set.id)}`, { body }),
  );
  const look = (next: RuleOrigin) => {
    take.reset();
    setOrigin(next);
    preview.mutate(next, {
      onSuccess: ({ digest }) => setOrigin(next.kind === 'update' ? { ...next, digest } : next),
    });
  };
  const done = () => {
    setOrigin(null);
    preview.reset();
  };
  return (
    <Section title="Next version">
      <Stack>
        {set.waiting !== null && (
          <Text size="sm" role="status">
            An update of {formatTime(set.waiting.foundAt)} waits: {set.waiting.added} new, {set.waiting.changed}{' '}
            changed, {set.waiting.removed} gone.
          </Text>
        )}
        {set.origin === 'url' ? (
          <Group align="end" justify="space-between">
            <ScheduleInputs value={set} onChange={(part) => schedule.mutate(part)} />
            <Button loading={preview.isPending} onClick={() => look({ kind: 'update', set: set.id })}>
              Look for an update
            </Button>
          </Group>
        ) : (
          <RuleFileDrop isBusy={preview.isPending} onFile={(file) => look({ kind: 'next-file', file, set: set.id })} />
        )}
        <ErrorText error={preview.error ?? take.error ?? schedule.error} />
        {preview.data !== undefined && <Changes changes={preview.data} />}
        {preview.data !== undefined && origin !== null && (
          <Group justify="end">
            <Button variant="default" onClick={done}>
              Leave it as it is
            </Button>
            <Button loading={take.isPending} onClick={() => take.mutate(origin, { onSuccess: done })}>
              Take this version
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
