import { Badge, Paper, Stack, Text } from '@mantine/core';
import { Lines } from '../response/approvals-view.tsx';
import type { PlannedAction } from '../response/queries.ts';

const DECISIONS = {
  run: { title: 'may run at once', color: 'green.9' },
  ask: { title: 'somebody must agree', color: 'yellow.4' },
  refuse: { title: 'refused', color: 'red.9' },
} as const;

/** Every step that does something, with its effect before it happens. */
export function PlanRows({ plan }: { plan: readonly PlannedAction[] }) {
  return (
    <Stack gap="xs">
      {plan.map((action) => (
        <PlanRow key={`${action.number} ${action.title} ${action.text}`} action={action} />
      ))}
    </Stack>
  );
}

function PlanRow({ action }: { action: PlannedAction }) {
  const { number, title, text, branch, actuator, because, verdict, effects, isReversible, keptFlows, leftOut } = action;
  const judged = verdict === null || actuator === null ? undefined : DECISIONS[verdict.decision];
  const lines = [
    ...effects,
    ...(verdict?.decision === 'run' ? [] : (verdict?.reasons ?? [])),
    ...(verdict?.careLoss ?? []).map((loss) => `Care loses: ${loss}`),
    ...keptFlows.map(({ reason }) => `Stays: ${reason}`),
    ...leftOut.map(({ reason }) => `Is cut: ${reason}`),
  ];
  return (
    <Paper p="sm" withBorder>
      <Text fw={500}>
        {`${number}. ${actuator === null ? title : text}`}{' '}
        {judged !== undefined && (
          <Badge color={judged.color} tt="none" autoContrast>
            {judged.title}
          </Badge>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        {actuator === null ? 'By hand' : `By ${actuator}${isReversible ? '' : '; cannot be taken back by SPHINX'}`}
        {branch !== '' && `, only ${branch}`}
        {because !== '' && `: ${because}`}
      </Text>
      {actuator === null && text !== title && <Text size="sm">{text}</Text>}
      {lines.length > 0 && <Lines lines={[...new Set(lines)]} />}
    </Paper>
  );
}
