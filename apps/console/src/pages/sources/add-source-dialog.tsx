import {
  Alert,
  Autocomplete,
  Button,
  Code,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ErrorText } from '../../components/error-text.tsx';
import { type NewSource, type SourceKind, useAddSource, useInterfaces } from './queries.ts';
import { EMPTY_REMOTE, RemoteInputs, type RemotePlace, remoteOf } from './remote-inputs.tsx';

const KINDS: readonly { readonly value: SourceKind; readonly label: string }[] = [
  { value: 'interface', label: 'Network interface of this machine' },
  { value: 'file', label: 'File on the server: capture or log of another sensor' },
  { value: 'folder', label: 'Watched folder on the server' },
  { value: 'flow-exports', label: 'Flow exporters: NetFlow, IPFIX, sFlow' },
  { value: 'records', label: 'Records that sensors send: Suricata, Zeek' },
  { value: 'packet-server', label: 'pcap-over-IP, sent here' },
  { value: 'packet-client', label: 'pcap-over-IP, fetched from another machine' },
  { value: 'ssh', label: 'Interface of another machine, over SSH' },
  { value: 'rpcap', label: 'Interface of another machine, through rpcapd' },
];

/** Adds a file, folder or interface of the server, a listener, or another machine. */
export function AddSourceDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [kind, setKind] = useState<SourceKind>('interface');
  const [place, setPlace] = useState('');
  const [remote, setRemote] = useState<RemotePlace>(EMPTY_REMOTE);
  const [limits, setLimits] = useState<CaptureLimits>(NO_LIMITS);
  const [title, setTitle] = useState('');
  const isPath = kind === 'file' || kind === 'folder';
  const isPlaceMissing = (isPath || kind === 'interface') && place.trim() === '';
  const add = useAddSource();
  const close = () => {
    setPlace('');
    setRemote(EMPTY_REMOTE);
    setLimits(NO_LIMITS);
    setTitle('');
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(sourceOf({ kind, place: place.trim(), remote, limits, title: title.trim() }), { onSuccess: close });
  };
  return (
    <Modal opened={isOpen} onClose={close} title="Add a traffic source" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Where traffic comes from"
            value={kind}
            data={KINDS}
            allowDeselect={false}
            onChange={(value) => {
              setKind(value as SourceKind);
              setPlace('');
              setRemote(EMPTY_REMOTE);
              add.reset();
            }}
          />
          {kind === 'interface' && <InterfaceInput value={place} onChange={setPlace} isWanted={isOpen} />}
          {kind === 'interface' && <LimitInputs limits={limits} onChange={setLimits} />}
          {isPath && <PathInput kind={kind} value={place} onChange={setPlace} />}
          {kind !== 'interface' && !isPath && <RemoteInputs kind={kind} place={remote} onChange={setRemote} />}
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
            <Button type="submit" loading={add.isPending} disabled={isPlaceMissing}>
              Add and start
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface CaptureLimits {
  readonly filter: string;
  readonly snapLength: number | '';
}

const NO_LIMITS: CaptureLimits = { filter: '', snapLength: '' };

function sourceOf(form: {
  readonly kind: SourceKind;
  readonly place: string;
  readonly remote: RemotePlace;
  readonly limits: CaptureLimits;
  readonly title: string;
}): NewSource {
  const { kind, place, remote, limits, title } = form;
  const named = title === '' ? {} : { title };
  if (kind === 'interface') {
    const filter = limits.filter.trim();
    return {
      kind,
      interface: place,
      ...(filter === '' ? {} : { filter }),
      ...(limits.snapLength === '' ? {} : { snapLength: limits.snapLength }),
      ...named,
    };
  }
  if (kind === 'file' || kind === 'folder') return { kind, path: place, ...named };
  return { kind, ...remoteOf(kind, remote), ...named };
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

function LimitInputs({ limits, onChange }: { limits: CaptureLimits; onChange: (limits: CaptureLimits) => void }) {
  return (
    <Group align="start">
      <TextInput
        label="Filter"
        description="Optional, as tcpdump understands it: not port 22"
        flex={1}
        maxLength={1000}
        value={limits.filter}
        onChange={(event) => onChange({ ...limits, filter: event.currentTarget.value })}
      />
      <NumberInput
        label="Bytes of a packet"
        description="Empty: all of it"
        w={180}
        min={96}
        max={262_144}
        allowDecimal={false}
        value={limits.snapLength}
        onChange={(value) => onChange({ ...limits, snapLength: typeof value === 'number' ? value : '' })}
      />
    </Group>
  );
}

function PathInput(props: { kind: 'file' | 'folder'; value: string; onChange: (value: string) => void }) {
  const { kind, value, onChange } = props;
  return (
    <TextInput
      label={kind === 'file' ? 'Path of the file on the server' : 'Path of the folder on the server'}
      description={
        kind === 'file'
          ? 'Capture, Suricata EVE, Zeek log, IPFIX or cloud flow log, also gzipped. A file of your own can be dropped on the page.'
          : 'Every capture or log that appears in it is read, once it has stopped growing.'
      }
      placeholder={kind === 'file' ? '/captures/radiology.pcapng' : '/captures'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
    />
  );
}
