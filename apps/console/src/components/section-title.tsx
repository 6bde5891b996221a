import { Title } from '@mantine/core';

/** The title of a part of a drawer or a card. */
export function SectionTitle({ children }: { children: string }) {
  return (
    <Title order={3} size="h5">
      {children}
    </Title>
  );
}
