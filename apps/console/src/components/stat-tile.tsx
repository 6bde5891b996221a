import { Anchor, Group, Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

/** One figure with its unit, what it is and what to compare it with. @param to page of what is behind it; left out for a figure alone */
export function StatTile(props: {
  title: string;
  value: ReactNode;
  comparison: string;
  to?: string;
  icon?: ReactNode;
}) {
  const { title, value, comparison, to, icon } = props;
  return (
    <Paper>
      <Group justify="space-between" gap="xs">
        {to === undefined ? (
          <Text size="sm" fw={600}>
            {title}
          </Text>
        ) : (
          <Anchor component={Link} to={to} size="sm" fw={600}>
            {title}
          </Anchor>
        )}
        {icon}
      </Group>
      <Text fz={{ base: 26, sm: 32 }} fw={700} lh={1.3}>
        {value}
      </Text>
      <Text size="sm" c="dimmed">
        {comparison}
      </Text>
    </Paper>
  );
}
