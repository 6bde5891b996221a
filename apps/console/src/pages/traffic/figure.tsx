import { Paper, Text } from '@mantine/core';

/** One figure of the present with its unit and something to compare it with. */
export function Figure({ title, value, comparison }: { title: string; value: string; comparison: string }) {
  return (
    <Paper>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text fz={26} fw={700} lh={1.3}>
        {value}
      </Text>
      <Text size="sm" c="dimmed">
        {comparison}
      </Text>
    </Paper>
  );
}
