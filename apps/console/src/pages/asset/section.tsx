import { Card, Group, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

/** A card that answers one question; the question is its heading. */
export function Section(props: { title: string; aside?: ReactNode; children: ReactNode }) {
  const { title, aside, children } = props;
  const id = useId();
  return (
    <Card component="section" withBorder padding="md" h="100%" aria-labelledby={id}>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Card>
  );
}
