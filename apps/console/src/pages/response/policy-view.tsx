import { Badge, List, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { type Policy, type PolicyRule, usePolicy } from './queries.ts';

const DECISIONS = {
  run: { title: 'At once', color: 'green.9' },
  ask: { title: 'Somebody must agree', color: 'yellow.4' },
  refuse: { title: 'Refused', color: 'red.9' },
} as const;

/** What may a program do to which devices? */
export function PolicyView() {
  const { data, error, isPending, refetch } = usePolicy();
  if (isPending) return <LoadingState what="the policy" />;
  if (data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  const { rationale, rules, elsewhere, approvers, ward, rates, undoAfterMinutes } = data;
  return (
    <Stack>
      <Text size="sm">{rationale} It is the file knowledge/response-policy/policy.yaml.</Text>
      <Rules title="On devices" rules={rules} approvers={approvers} />
      <Rules title="On accounts, names and addresses outside" rules={elsewhere} approvers={approvers} />
      <Paper>
        <Title order={2} size="h5" mb="xs">
          Limits
        </Title>
        <List size="sm">
          <List.Item>{`At most ${Math.round(ward.share * 100)} % of the devices of a care area (or ${ward.devices}) are cut off at the same time without a clinician.`}</List.Item>
          <List.Item>{`At most ${rates.actionsPerHour} actions an hour, ${rates.actionsPerHourOfOneActuator} of one actuator.`}</List.Item>
          {Object.entries(undoAfterMinutes).map(([does, minutes]) => (
            <List.Item
              key={does}
            >{`What is ${does.replace('-', ' ')} is taken back after ${minutes} minutes unless somebody confirms it.`}</List.Item>
          ))}
        </List>
      </Paper>
      <Paper>
        <Title order={2} size="h5" mb="xs">
          Who agrees
        </Title>
        <List size="sm">
          {Object.entries(approvers).map(([id, { title, levels, mayApproveOwn }]) => (
            <List.Item key={id}>
              {`${title}: ${levels.map(({ roles, minutes }) => `${roles.join(' or ')} for ${minutes} minutes`).join(', then ')}${mayApproveOwn ? '' : '; never what they asked for themselves'}`}
            </List.Item>
          ))}
        </List>
      </Paper>
    </Stack>
  );
}

function Rules({
  title,
  rules,
  approvers,
}: {
  title: string;
  rules: readonly PolicyRule[];
  approvers: Policy['approvers'];
}) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table aria-label={title} captionSide="top">
        <Table.Caption>{title}</Table.Caption>
        <TableHead columns={['What is done', 'To what', 'Decision', 'Because']} />
        <Table.Tbody>
          {rules.map(({ id, does, classes, decision, approvers: asked, because }) => (
            <Table.Tr key={id}>
              <Table.Td>{does.join(', ').replaceAll('-', ' ')}</Table.Td>
              <Table.Td>{classes?.join(', ').replaceAll('-', ' ') ?? 'anything else'}</Table.Td>
              <Table.Td>
                <Badge color={DECISIONS[decision].color} tt="none" autoContrast>
                  {DECISIONS[decision].title}
                </Badge>
                {asked.length > 0 && (
                  <Text size="xs">{asked.map((group) => approvers[group]?.title ?? group).join(' and ')}</Text>
                )}
              </Table.Td>
              <Table.Td>{because}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
