import { Anchor, Button, Group, Modal, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import type { PatientSafetyClass } from '@sphinx/schema';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMay } from '../../api/session.ts';
import { VerdictBadge } from '../../components/badges.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorText } from '../../components/error-text.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { EmptyState, ErrorState, LoadingState } from '../../components/states.tsx';
import { TableHead } from '../../components/table-head.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { type CandidateItem, useAddCandidate, useCandidates, useRemoveCandidate } from './queries.ts';

/** May this product be bought? */
export default function CandidatesPage() {
  const { data, error, isPending, refetch } = useCandidates();
  const [isAdding, setAdding] = useState(false);
  const mayVerify = useMay('verification:write');
  const add = mayVerify && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      Add a product
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Before purchase"
        description="Products are judged on documents alone: the manufacturer's disclosure (MDS2) and the list of software (SBOM) of the model. Each verdict follows its documents by itself."
        actions={add}
      />
      {isPending && <LoadingState what="the products" />}
      {error !== null && data === undefined && <ErrorState error={error} onRetry={refetch} />}
      {data !== undefined &&
        (data.items.length === 0 ? (
          <EmptyState
            title="No product yet"
            description="Add the product that somebody thinks of buying, then import its documents."
            action={add}
          />
        ) : (
          <CandidateTable items={data.items} />
        ))}
      <AddDialog isOpen={isAdding} onClose={() => setAdding(false)} />
    </>
  );
}

function CandidateTable({ items }: { items: readonly CandidateItem[] }) {
  const remove = useRemoveCandidate();
  const mayImport = useMay('weaknesses:write');
  const mayVerify = useMay('verification:write');
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table aria-label="Products, newest first" highlightOnHover>
        <TableHead columns={['Product', 'Verdict', 'Why', 'Added', 'Actions']} />
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td>
                <Anchor component={Link} to={`/verifications/${encodeURIComponent(item.verificationId)}`} size="sm">
                  {item.manufacturer} {item.model} {item.version}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <VerdictBadge verdict={item.verdict} />
              </Table.Td>
              <Table.Td maw={420}>
                <Text size="sm" lineClamp={2}>
                  {item.reasons[0] ?? ''}
                </Text>
              </Table.Td>
              <Table.Td>
                <TimeText time={item.createdAt} />
              </Table.Td>
              <Table.Td>
                <Group gap="xs" wrap="nowrap">
                  {mayImport && (
                    <Button
                      component={Link}
                      to={`/software?${new URLSearchParams({ manufacturer: item.manufacturer, model: item.model, version: item.version })}`}
                      size="compact-sm"
                      variant="default"
                      aria-label={`Documents of ${item.manufacturer} ${item.model}`}
                    >
                      Documents
                    </Button>
                  )}
                  {mayVerify && (
                    <ConfirmButton
                      size="compact-sm"
                      variant="default"
                      leftSection={<IconTrash size={14} aria-hidden />}
                      question={`Take ${item.manufacturer} ${item.model} off the list?`}
                      consequence="Its verdicts go with it. Documents of its model stay."
                      confirmLabel="Take off"
                      onConfirm={() => remove.mutateAsync(item.id)}
                    >
                      Remove
                    </ConfirmButton>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const CLASSES: readonly { readonly value: PatientSafetyClass; readonly label: string }[] = [
  { value: 'life-sustaining', label: 'Life-sustaining' },
  { value: 'therapy', label: 'Therapy' },
  { value: 'diagnosis', label: 'Diagnosis' },
  { value: 'care-support', label: 'Support of care' },
  { value: 'none', label: 'None' },
];

function AddDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [manufacturer, setManufacturer] = useState('');
  const [model, setModel] = useState('');
  const [version, setVersion] = useState('');
  const [safetyClass, setSafetyClass] = useState<string | null>(null);
  const add = useAddCandidate();
  const navigate = useNavigate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const patientSafetyClass = CLASSES.find(({ value }) => value === safetyClass)?.value;
    add.mutate(
      { manufacturer, model, version, ...(patientSafetyClass === undefined ? {} : { patientSafetyClass }) },
      { onSuccess: ({ verification }) => navigate(`/verifications/${encodeURIComponent(verification.id)}`) },
    );
  };
  return (
    <Modal opened={isOpen} onClose={onClose} title="A product that somebody thinks of buying">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Manufacturer"
            data-autofocus
            required
            maxLength={200}
            value={manufacturer}
            onChange={(event) => setManufacturer(event.currentTarget.value)}
          />
          <TextInput
            label="Model"
            required
            maxLength={200}
            value={model}
            onChange={(event) => setModel(event.currentTarget.value)}
          />
          <TextInput
            label="Version of its software"
            description="Where it is known"
            maxLength={100}
            value={version}
            onChange={(event) => setVersion(event.currentTarget.value)}
          />
          <Select
            label="What its failure can do to a patient"
            placeholder="Not said"
            clearable
            value={safetyClass}
            onChange={setSafetyClass}
            data={[...CLASSES]}
          />
          <ErrorText error={add.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending}>
              Judge it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
