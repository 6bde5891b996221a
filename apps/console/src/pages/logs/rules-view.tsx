import { Stack, Switch, Table, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { SeverityBadge } from '../../components/badges.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { formatCount, formatQuantity } from '../../components/format.ts';
import { LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useLogChange, useLogRuleSets, useLogRules } from './queries.ts';

const MOST_SHOWN = 200;

/** Sets of Sigma rules, and the rules in force, each to be switched on or off. */
export function RulesView() {
  const sets = useLogRuleSets();
  const rules = useLogRules();
  const change = useLogChange();
  const mayChange = useMay('logs:write');
  const [search, setSearch] = useState('');
  if (sets.data === undefined || rules.data === undefined) return <LoadingState what="the rules" />;
  const words = search.trim().toLowerCase();
  const found = rules.data.items.filter(({ title, description }) =>
    `${title} ${description}`.toLowerCase().includes(words),
  );
  return (
    <Stack>
      <ErrorText error={change.error} />
      <Table aria-label="Sets of rules" verticalSpacing={6}>
        <TableHead columns={['Set', { title: 'Rules', isNumber: true }, { title: 'Rejected', isNumber: true }, 'On']} />
        <Table.Tbody>
          {sets.data.items.map(({ id, title, rules: count, rejected, isEnabled }) => (
            <Table.Tr key={id}>
              <Table.Td>{title}</Table.Td>
              <Table.Td ta="right">{formatCount(count)}</Table.Td>
              <Table.Td ta="right">{formatCount(rejected)}</Table.Td>
              <Table.Td>
                <Switch
                  aria-label={`Set ${title}`}
                  checked={isEnabled}
                  disabled={!mayChange}
                  onChange={({ currentTarget }) =>
                    change.mutate({
                      method: 'PATCH',
                      path: `/log-rule-sets/${id}`,
                      body: { isEnabled: currentTarget.checked },
                    })
                  }
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={2} size="h4">
        Rules
      </Title>
      <TextInput
        label="Search"
        maw={320}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
      />
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Rules" verticalSpacing={4}>
          <TableHead columns={['Level', 'Rule', { title: 'Alerts', isNumber: true }, 'On']} />
          <Table.Tbody>
            {found.slice(0, MOST_SHOWN).map((rule) => (
              <Table.Tr key={rule.id}>
                <Table.Td>
                  <SeverityBadge severity={rule.level} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{rule.title}</Text>
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {rule.description}
                  </Text>
                </Table.Td>
                <Table.Td ta="right">{formatCount(rule.alerts)}</Table.Td>
                <Table.Td>
                  <Switch
                    aria-label={`Rule ${rule.title}`}
                    checked={rule.isEnabled}
                    disabled={!mayChange}
                    onChange={({ currentTarget }) =>
                      change.mutate({
                        method: 'PATCH',
                        path: `/log-rules/${encodeURIComponent(rule.id)}`,
                        body: { isEnabled: currentTarget.checked },
                      })
                    }
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed" role="status">
        {formatQuantity(found.length, 'rule')}
        {found.length > MOST_SHOWN && `, ${MOST_SHOWN} of them shown`}
      </Text>
    </Stack>
  );
}
