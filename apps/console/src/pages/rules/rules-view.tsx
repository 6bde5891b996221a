import { Anchor, Button, Group, Select, Switch, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { request } from '../../api/request.ts';
import { downloadCsv } from '../../components/csv.ts';
import { DelayedTextInput } from '../../components/delayed-text-input.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount } from '../../components/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type Rule, useRuleChange, useRuleSets, useRules } from './queries.ts';

const STATES = [
  { value: 'on', label: 'in force' },
  { value: 'off', label: 'not in force' },
  { value: 'tuned', label: 'tuned' },
  { value: 'hit', label: 'with hits' },
];
const ORDERS = [
  { value: 'id', label: 'as they were loaded' },
  { value: '-hits', label: 'most hits first' },
  { value: '-lastHit', label: 'latest hit first' },
  { value: '-milliseconds', label: 'dearest first' },
  { value: '-looks', label: 'most looked at first' },
];

/** Every rule with what it found and cost; all of the choice lives in the address. */
export function RulesView({ mayWrite }: { mayWrite: boolean }) {
  const [parameters, setParameters] = useSearchParams();
  const of = (name: string) => parameters.get(name) ?? undefined;
  const query = { set: of('set'), search: of('search'), state: of('state'), sort: of('sort') };
  const list = useRules(query);
  const isNarrowed = [query.set, query.search, query.state].some((value) => value !== undefined);
  const set = (name: string, value: string | null) => {
    const next = new URLSearchParams(parameters);
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
    setParameters(next);
  };
  const rules = list.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Filters query={query} onChange={set} />
      {list.isPending && <LoadingState what="the rules" />}
      {list.data === undefined && list.error !== null && <ErrorState error={list.error} onRetry={list.refetch} />}
      {rules?.length === 0 && (
        <EmptyState
          title={isNarrowed ? 'No rule fits' : 'No rules yet'}
          description={isNarrowed ? 'Choose other words, another set or another state.' : 'Add a set under “Sets”.'}
          action={
            isNarrowed && (
              <Button variant="default" onClick={() => setParameters({})}>
                Show all
              </Button>
            )
          }
        />
      )}
      {rules !== undefined && rules.length > 0 && <RuleTable rules={rules} mayWrite={mayWrite} />}
      <Group mt="sm">
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        )}
        {rules !== undefined && rules.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => exportRules(rules)}
          >
            CSV
          </Button>
        )}
      </Group>
    </>
  );
}

function Filters(props: {
  query: Readonly<Record<'set' | 'search' | 'state' | 'sort', string | undefined>>;
  onChange: (name: string, value: string | null) => void;
}) {
  const { query, onChange } = props;
  const sets = useRuleSets().data ?? [];
  return (
    <Group gap="sm" align="end" role="search" aria-label="Rules" mb="md">
      <DelayedTextInput
        label="Search"
        placeholder="words of the rule, or number"
        w={260}
        value={query.search ?? ''}
        onChange={(search) => onChange('search', search)}
      />
      <Select
        label="Set"
        placeholder="every set"
        w={240}
        clearable
        clearButtonProps={{ 'aria-label': 'Every set' }}
        data={sets.map(({ id, title }) => ({ value: id, label: title }))}
        value={query.set ?? null}
        onChange={(value) => onChange('set', value)}
      />
      <Select
        label="State"
        placeholder="any"
        w={150}
        clearable
        clearButtonProps={{ 'aria-label': 'Any state' }}
        data={STATES}
        value={query.state ?? null}
        onChange={(value) => onChange('state', value)}
      />
      <Select
        label="Order"
        w={210}
        allowDeselect={false}
        data={ORDERS}
        value={query.sort ?? 'id'}
        onChange={(value) => onChange('sort', value === 'id' ? null : value)}
      />
    </Group>
  );
}

function RuleTable({ rules, mayWrite }: { rules: readonly Rule[]; mayWrite: boolean }) {
  const change = useRuleChange(({ id, tuning }: Rule) =>
    request('PATCH', `/rules/${id}`, { body: { ...tuning, isEnabled: !tuning.isEnabled } }),
  );
  return (
    <>
      <ErrorText error={change.error} />
      <Table.ScrollContainer minWidth={900}>
        <Table aria-label="Rules" verticalSpacing={4}>
          <TableHead
            columns={[
              'Rule',
              'Number',
              'On',
              { title: 'Hits', isNumber: true },
              'Last hit',
              { title: 'Looks', isNumber: true },
              { title: 'Cost', isNumber: true },
            ]}
          />
          <Table.Tbody>
            {rules.map((rule) => (
              <Table.Tr key={rule.id}>
                <Table.Td>
                  <Anchor component={Link} to={`/rules/${rule.id}`} size="sm">
                    {rule.title || 'without a title'}
                  </Anchor>
                  {rule.tuning.adjustments.length > 0 && (
                    <Text size="xs" c="dimmed">
                      tuned
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{rule.id}</Table.Td>
                <Table.Td>
                  <Switch
                    aria-label={`Rule ${rule.id} is on`}
                    checked={rule.tuning.isEnabled}
                    disabled={!mayWrite || change.isPending}
                    onChange={() => change.mutate(rule)}
                  />
                </Table.Td>
                <Table.Td ta="right">{formatCount(rule.hits)}</Table.Td>
                <Table.Td>{rule.lastHit === null ? 'never' : <TimeText time={rule.lastHit} />}</Table.Td>
                <Table.Td ta="right">{formatCount(rule.looks)}</Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                  {costText(rule)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

/** Processor time in a unit that a person takes in. */
export function costText({ milliseconds }: { readonly milliseconds: number }): string {
  if (milliseconds >= 1000) return `${formatCount(milliseconds / 1000)} s`;
  return milliseconds >= 1 || milliseconds === 0 ? `${formatCount(milliseconds)} ms` : 'under 1 ms';
}

function exportRules(rules: readonly Rule[]): void {
  downloadCsv(
    'rules.csv',
    ['Number', 'Title', 'Set', 'In force', 'Hits', 'Last hit', 'Looks', 'Milliseconds', 'Text'],
    rules.map((rule) => [
      rule.id,
      rule.title,
      rule.set,
      String(rule.isInForce),
      rule.hits,
      rule.lastHit === null ? '' : new Date(rule.lastHit).toISOString(),
      rule.looks,
      rule.milliseconds,
      rule.text,
    ]),
  );
}
