import { Alert, Anchor, Button, Group, Switch, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { request } from '../../api/request.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { AddSetDialog } from './add-set-dialog.tsx';
import { type RuleSet, useRuleChange, useRuleSets } from './queries.ts';

export const ORIGINS: Readonly<Record<RuleSet['origin'], string>> = {
  own: 'comes with SPHINX',
  local: 'written here',
  file: 'from a file',
  url: 'from a URL',
};

/** Groups of rules that come and go together. */
export function SetsView({ mayWrite }: { mayWrite: boolean }) {
  const { data: sets, error, refetch } = useRuleSets();
  const [isAdding, setAdding] = useState(false);
  if (sets === undefined) {
    return error === null ? <LoadingState what="the sets" /> : <ErrorState error={error} onRetry={refetch} />;
  }
  return (
    <>
      {mayWrite && (
        <Group justify="flex-end" mb="sm">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            Add a set
          </Button>
        </Group>
      )}
      <SetTable sets={sets} mayWrite={mayWrite} />
      {isAdding && <AddSetDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function SetTable({ sets, mayWrite }: { sets: readonly RuleSet[]; mayWrite: boolean }) {
  const change = useRuleChange(({ id, isEnabled }: RuleSet) =>
    request('PATCH', `/rule-sets/${encodeURIComponent(id)}`, { body: { isEnabled: !isEnabled } }),
  );
  return (
    <>
      <ErrorText error={change.error} />
      <Table.ScrollContainer minWidth={820}>
        <Table aria-label="Rule sets">
          <TableHead
            columns={[
              'Set',
              'On',
              { title: 'Loaded', isNumber: true },
              { title: 'Rejected', isNumber: true },
              'Last update',
              'Next step',
            ]}
          />
          <Table.Tbody>
            {sets.map((set) => (
              <Table.Tr key={set.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/rule-sets/${encodeURIComponent(set.id)}`} size="sm" fw={600}>
                    {set.title}
                  </Anchor>
                  <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                    {ORIGINS[set.origin]}
                    {set.url !== null && ` · ${set.url}`}
                  </Text>
                  <SetProblem set={set} />
                </Table.Td>
                <Table.Td>
                  <Switch
                    aria-label={`${set.title} is on`}
                    checked={set.isEnabled}
                    disabled={!mayWrite || change.isPending}
                    onChange={() => change.mutate(set)}
                  />
                </Table.Td>
                <Table.Td ta="right">{formatCount(set.loaded)}</Table.Td>
                <Table.Td ta="right">{formatCount(set.rejected)}</Table.Td>
                <Table.Td>{set.updatedAt === null ? 'never' : <TimeText time={set.updatedAt} />}</Table.Td>
                <Table.Td>{stepText(set)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

export function SetProblem({ set: { message } }: { set: RuleSet }) {
  if (message === '') return null;
  return (
    <Alert color="orange" variant="outline" p="xs" mt={4} icon={<IconAlertTriangle size={16} aria-hidden />}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
    </Alert>
  );
}

function stepText({ waiting, rejected, id }: RuleSet) {
  if (waiting !== null) {
    return (
      <Anchor component={Link} to={`/rule-sets/${encodeURIComponent(id)}`} size="sm">
        Look at the update that waits
      </Anchor>
    );
  }
  return rejected > 0 ? (
    <Anchor component={Link} to={`/rule-sets/${encodeURIComponent(id)}`} size="sm">
      See why rules were rejected
    </Anchor>
  ) : (
    'none'
  );
}
