import {
  Alert,
  Autocomplete,
  Button,
  Code,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { type NewSource, useAddSource, useInterfaces } from './queries.ts';

type Kind = NewSource['kind'];

/** Adds a capture file or folder of the server, or one of its network interfaces. */
export function AddSourceDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('interface');
  const [place, setPlace] = useState('');
  const [title, setTitle] = useState('');
  const add = useAddSource();
  const close = () => {
    setPlace('');
    setTitle('');
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(sourceOf(kind, place.trim(), title.trim()), { onSuccess: close });
  };
  return (
    <Modal opened={isOpen} onClose={close} title="Add a traffic source" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl
            value={kind}
            aria-label="Kind of source"
            onChange={(value) => {
              setKind(value as Kind);
              setPlace('');
              add.reset();
            }}
            data={[
              { value: 'interface', label: 'Network interface' },
              { value: 'file', label: 'Capture file' },
              { value: 'folder', label: 'Watched folder' },
            ]}
          />
          {kind === 'interface' ? (
            <InterfaceInput value={place} onChange={setPlace} isWanted={isOpen} />
          ) : (
            <PathInput kind={kind} value={place} onChange={setPlace} />
          )}
          <TextInput
            label="Title"
            description="Optional: what you call it, for example “Mirror port of the imaging switch”"
            value={title}
            maxLength={200}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <ErrorText error={add.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={place.trim() === ''}>
              Add and start
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function sourceOf(kind: Kind, place: string, title: string): NewSource {
  const named = title === '' ? {} : { title };
  return kind === 'interface' ? { kind, interface: place, ...named } : { kind, path: place, ...named };
}

function InterfaceInput(props: { value: string; onChange: (value: string) => void; isWanted: boolean }) {
  const { value, onChange, isWanted } = props;
  const { data: interfaces = [], error } = useInterfaces(isWanted);
  const chosen = interfaces.find(({ name }) => name === value);
  return (
    <>
      <ErrorText error={error} />
      <Autocomplete
        label="Interface of the machine that SPHINX runs on"
        description={
          chosen === undefined
            ? 'Best a mirror (SPAN) port of a switch. Mirror ports without an address can be typed by name.'
            : `${chosen.addresses.join(', ') || 'no address'}${chosen.isLoopback ? ', loopback: shows this machine only' : ''}`
        }
        data={interfaces.map(({ name }) => name)}
        value={value}
        onChange={onChange}
        required
      />
      <Alert variant="outline" color="blue" icon={<IconInfoCircle aria-hidden />} title="It needs the right to capture">
        <Text size="sm">
          SPHINX reads interfaces through tcpdump (or dumpcap) and needs no special right itself. Give tcpdump the right
          once, on the server:
        </Text>
        <Code block mt="xs">
          sudo setcap cap_net_raw,cap_net_admin=eip $(which tcpdump)
        </Code>
      </Alert>
    </>
  );
}

function PathInput(props: { kind: 'file' | 'folder'; value: string; onChange: (value: string) => void }) {
  const { kind, value, onChange } = props;
  return (
    <TextInput
      label={kind === 'file' ? 'Path of the capture file on the server' : 'Path of the folder on the server'}
      description={
        kind === 'file'
          ? 'pcap or pcapng, also gzipped. A file on your own computer can be dropped on the page of the sources.'
          : 'Every capture file that appears in it is read, once it has stopped growing.'
      }
      placeholder={kind === 'file' ? '/captures/radiology.pcapng' : '/captures'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
    />
  );
}
