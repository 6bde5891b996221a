import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import type { CertificateRecord } from '@sphinx/schema';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { useRevokeCertificate } from '../certificates/queries.ts';

const SHORTEST_REASON = 3;

/** Takes a certificate back; the reason goes into the signed revocation list and the audit trail. */
export function RevokeDialog(props: { certificate: CertificateRecord; isOpen: boolean; onClose: () => void }) {
  const { certificate, isOpen, onClose } = props;
  const [reason, setReason] = useState('');
  const revoke = useRevokeCertificate(certificate.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    revoke.mutate(reason.trim(), { onSuccess: onClose });
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Revoke the certificate of ${certificate.assetName}`}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            This cannot be undone. The asset gets no new certificate until somebody asks for its verification.
          </Text>
          <Textarea
            label="Reason"
            description="Others read it: it is published in the revocation list. Name no patients."
            data-autofocus
            required
            autosize
            minRows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ErrorText error={revoke.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color="red"
              loading={revoke.isPending}
              disabled={reason.trim().length < SHORTEST_REASON}
            >
              Revoke
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
