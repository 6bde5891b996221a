import { Text } from '@mantine/core';

/** Why something did not work, read out at once; nothing without an error. */
export function ErrorText({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  return (
    <Text c="var(--mantine-color-error)" size="sm" role="alert">
      {messageOf(error)}
    </Text>
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
