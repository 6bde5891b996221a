import { Button, type ButtonProps, Group, Modal, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ErrorText } from './error-text.tsx';

/** A button that asks before it does something that others will notice. */
export function ConfirmButton(
  props: ButtonProps & {
    children: ReactNode;
    question: string;
    consequence: string;
    confirmLabel: string;
    onConfirm: () => Promise<unknown>;
  },
) {
  const { question, consequence, confirmLabel, onConfirm, ...button } = props;
  const [isOpen, setOpen] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      setOpen(false);
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)} />
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={question} centered>
        <Stack>
          <Text size="sm">{consequence}</Text>
          <ErrorText error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Cancel
            </Button>
            <Button color="red.9" loading={isBusy} onClick={confirm} data-autofocus>
              {confirmLabel}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
