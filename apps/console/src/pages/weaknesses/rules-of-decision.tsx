import { List, Stack, Table, Text, Title } from '@mantine/core';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { useDecisionTree } from './queries.ts';
import { DECISION_WORDS, DECISIONS, DecisionBadge } from './weakness-words.tsx';

const EXPLOITATION = { none: 'none known', poc: 'public exploit, or predicted', active: 'attackers use it' } as const;

/** What hangs on a device, in the order in which a row of the tree has its decisions. */
const STAKES = ['Little hangs on it', 'Care hangs on it', 'Life hangs on it'] as const;

/** The tree by which it is decided how soon something has to be done. */
export function RulesOfDecision() {
  const { data: tree, error, refetch } = useDecisionTree();
  if (tree === undefined)
    return error === null ? <LoadingState what="the decision tree" /> : <ErrorState error={error} onRetry={refetch} />;
  return (
    <Stack maw={860}>
      <Title order={2} size="h4">
        {tree.title}, version {tree.version}
      </Title>
      <Text size="sm">
        The decision comes from four questions (SSVC): is it exploited, can attacks be automated, how much does an
        attacker get, and what hangs on the device. A hospital that decides otherwise writes its own file in
        knowledge/weakness-decisions and names it in the settings.
      </Text>
      <Table aria-label="Decisions">
        <TableHead columns={['Exploitation', 'Automatable', 'Attacker gets', ...STAKES]} />
        <Table.Tbody>
          {tree.table.map((row) => (
            <Table.Tr key={`${row.exploitation} ${row.isAutomatable} ${row.technicalImpact}`}>
              <Table.Td>{EXPLOITATION[row.exploitation]}</Table.Td>
              <Table.Td>{row.isAutomatable ? 'yes' : 'no'}</Table.Td>
              <Table.Td>{row.technicalImpact === 'total' ? 'control' : 'a part'}</Table.Td>
              {row.decisions.map((decision, place) => (
                <Table.Td key={STAKES[place]}>
                  <DecisionBadge decision={decision} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Title order={3} size="h5">
        What hangs on it, the first that holds
      </Title>
      <List size="sm" type="ordered">
        {tree.missionAndWellBeing.map(({ value, because }) => (
          <List.Item key={because}>
            {because}: {value}
          </List.Item>
        ))}
      </List>
      <Title order={3} size="h5">
        One step more or less urgent
      </Title>
      <List size="sm">
        {tree.steps.map(({ by, because }) => (
          <List.Item key={because}>
            {because}: {by > 0 ? 'more' : 'less'} urgent
          </List.Item>
        ))}
      </List>
      <Title order={3} size="h5">
        Until when
      </Title>
      <List size="sm">
        {DECISIONS.map((decision) => (
          <List.Item key={decision}>
            {DECISION_WORDS[decision].title}: within {tree.dueDays[decision]} days of being found
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="dimmed">
        {tree.references.map(({ title, url }) => (url === undefined ? title : `${title}, ${url}`)).join('; ')}
      </Text>
    </Stack>
  );
}
