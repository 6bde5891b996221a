import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ErrorText } from './error-text.tsx';

/** What a switch needs that stops something at once. */
interface Stopping {
  readonly isPending: boolean;
  readonly error: Error | null;
  mutate(reason: string, options: { onSuccess: () => void }): void;
}

/** Asks why everything is to be stopped, and stops it. */
export function StopDialog(props: {
  title: string;
  /** What stops, what stays, and until when. */
  consequence: string;
  stop: Stopping;
  onClose: () => void;
}) {
  const { title, consequence, stop, onClose } = props;
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    stop.mutate(reason, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{consequence}</Text>
          <TextInput
            label="Why"
            required
            maxLength={500}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ErrorText error={stop.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.9" loading={stop.isPending}>
              Stop everything
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
