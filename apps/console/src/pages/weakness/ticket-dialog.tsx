import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { formatQuantity } from '../../components/format.ts';
import { openTicket, useWeaknessChange } from '../weaknesses/queries.ts';
import { type Targets, targetText } from './settle-dialog.tsx';

/** Sends a weakness with its devices to the hospital's own ticket system. */
export function TicketDialog({ targets, onClose }: { targets: Targets; onClose: () => void }) {
  const [note, setNote] = useState('');
  const send = useWeaknessChange(openTicket);
  return (
    <Modal opened onClose={onClose} title={`Ticket for ${targets.weakness}`}>
      <Stack>
        <Text size="sm">
          The weakness {targetText(targets)}, with reasons and sources, goes to the address that stands in the settings
          of vulnerability assessment (Ticket webhook).
        </Text>
        <Textarea
          label="Note"
          autosize
          minRows={3}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <ErrorText error={send.error} />
        {send.data === undefined ? (
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button loading={send.isPending} onClick={() => send.mutate({ ...targets, note })}>
              Send
            </Button>
          </Group>
        ) : (
          <>
            <Text size="sm" role="status">
              Sent with {formatQuantity(send.data.assets, 'device')}. {send.data.answer}
            </Text>
            <Group justify="flex-end">
              <Button onClick={onClose}>Close</Button>
            </Group>
          </>
        )}
      </Stack>
    </Modal>
  );
}
