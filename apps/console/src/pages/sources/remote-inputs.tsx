import { Checkbox, Group, NumberInput, PasswordInput, Textarea, TextInput } from '@mantine/core';
import type { NewSource, SourceKind } from './queries.ts';

/** What a form for a listener or another machine holds. */
export interface RemotePlace {
  readonly host: string;
  readonly port: number | '';
  readonly interface: string;
  readonly user: string;
  readonly secret: string;
  readonly usesSudo: boolean;
}

export const EMPTY_REMOTE: RemotePlace = { host: '', port: '', interface: '', user: '', secret: '', usesSudo: false };

const USUAL_PORTS: Readonly<Partial<Record<SourceKind, number>>> = {
  'flow-exports': 2055,
  'packet-server': 57_012,
  'packet-client': 57_012,
  rpcap: 2002,
  ssh: 22,
};
const LISTENERS: readonly SourceKind[] = ['flow-exports', 'records', 'packet-server'];

/** Where to listen, or which machine to read from and how to get in. */
export function RemoteInputs(props: { kind: SourceKind; place: RemotePlace; onChange: (place: RemotePlace) => void }) {
  const { kind, place, onChange } = props;
  const set = (change: Partial<RemotePlace>) => onChange({ ...place, ...change });
  const isListener = LISTENERS.includes(kind);
  return (
    <>
      <Group grow align="start">
        <TextInput
          label={isListener ? 'Address to listen on' : 'Machine'}
          description={isListener ? 'Empty: every address of this machine' : 'Name or address'}
          value={place.host}
          required={!isListener}
          onChange={(event) => set({ host: event.currentTarget.value })}
        />
        <NumberInput
          label="Port"
          description={kind === 'records' ? 'TCP' : `Empty: ${USUAL_PORTS[kind]}`}
          value={place.port}
          min={1}
          max={65_535}
          required={kind === 'records'}
          onChange={(value) => set({ port: typeof value === 'number' ? value : '' })}
        />
      </Group>
      {(kind === 'ssh' || kind === 'rpcap') && (
        <Group grow align="start">
          <TextInput
            label="Its interface"
            value={place.interface}
            required
            onChange={(event) => set({ interface: event.currentTarget.value })}
          />
          <TextInput
            label="Account there"
            value={place.user}
            required={kind === 'ssh'}
            onChange={(event) => set({ user: event.currentTarget.value })}
          />
        </Group>
      )}
      {kind === 'rpcap' && (
        <PasswordInput
          label="Password"
          description="Kept encrypted and never shown again. rpcap itself sends it in clear text."
          value={place.secret}
          onChange={(event) => set({ secret: event.currentTarget.value })}
        />
      )}
      {kind === 'ssh' && (
        <>
          <Textarea
            label="Private key"
            description="OpenSSH key without a passphrase, best one that may run tcpdump only. Kept encrypted and never shown again."
            autosize
            minRows={3}
            maxRows={6}
            required
            value={place.secret}
            onChange={(event) => set({ secret: event.currentTarget.value })}
          />
          <Checkbox
            label="Call tcpdump through sudo"
            checked={place.usesSudo}
            onChange={(event) => set({ usesSudo: event.currentTarget.checked })}
          />
        </>
      )}
    </>
  );
}

/** @returns what the form says, as the API takes it */
export function remoteOf(kind: SourceKind, place: RemotePlace): Omit<NewSource, 'kind'> {
  const { host, port, user, secret } = place;
  return {
    ...(host === '' ? {} : { host }),
    ...(port === '' ? {} : { port }),
    ...(place.interface === '' ? {} : { interface: place.interface }),
    ...(user === '' ? {} : { user }),
    ...(kind === 'rpcap' && secret !== '' ? { password: secret } : {}),
    ...(kind === 'ssh' ? { privateKey: secret, usesSudo: place.usesSudo } : {}),
  };
}
