import { Badge, Box, Group, Text } from '@mantine/core';
import type { OutlineStep } from '../playbooks/queries.ts';

const INDENT = 24;

/** The steps as text, from top to bottom; branches stand further right and say when they are gone. */
export function StepList({ steps }: { steps: readonly OutlineStep[] }) {
  const told = steps.filter(({ type }) => type !== 'start' && type !== 'end');
  return (
    <Box component="ol" aria-label="Steps" p={0} m={0} style={{ listStyle: 'none' }}>
      {told.map((step) => (
        <Box
          component="li"
          key={step.id}
          tabIndex={0}
          ml={step.depth * INDENT}
          mb="xs"
          pl="sm"
          py={4}
          style={{ borderLeft: `3px solid var(--mantine-color-${step.depth === 0 ? 'blue' : 'gray'}-5)` }}
        >
          <Group gap="xs" align="baseline">
            <Text fw={600}>{step.number}</Text>
            <Text fw={500}>{step.name}</Text>
            {step.agent !== '' && (
              <Badge color={step.agent === 'SPHINX response' ? 'blue.9' : 'gray.7'} tt="none" size="sm">
                {step.agent}
              </Badge>
            )}
          </Group>
          {step.branch !== '' && (
            <Text size="xs" c="dimmed">
              {step.branch}
            </Text>
          )}
          {[step.description, ...step.commands]
            .filter((text) => text !== '' && text !== step.name)
            .map((text) => (
              <Text key={text} size="sm" maw={760}>
                {text}
              </Text>
            ))}
        </Box>
      ))}
    </Box>
  );
}
