import { NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import type { ChannelKind, ChannelTarget } from './queries.ts';

export const KIND_TITLES: Readonly<Record<ChannelKind, string>> = {
  mail: 'Mail',
  webhook: 'Webhook',
  teams: 'Microsoft Teams',
  slack: 'Slack',
  matrix: 'Matrix',
  syslog: 'Syslog or CEF',
};

/** What a new channel of a kind begins with. */
export const NEW_TARGETS: Readonly<Record<ChannelKind, ChannelTarget>> = {
  mail: { kind: 'mail', host: '', port: 587, security: 'starttls', username: '', from: '', to: [], authority: '' },
  webhook: { kind: 'webhook', url: '' },
  teams: { kind: 'teams' },
  slack: { kind: 'slack' },
  matrix: { kind: 'matrix', homeserver: '', room: '' },
  syslog: { kind: 'syslog', host: '', port: 514, transport: 'udp', format: 'cef' },
};

const SECRET_TITLES: Readonly<Partial<Record<ChannelKind, string>>> = {
  mail: 'Password',
  webhook: 'Key that signs each message',
  teams: 'Address of the workflow webhook',
  slack: 'Address of the incoming webhook',
  matrix: 'Access token',
};

interface Field {
  readonly name: string;
  readonly title: string;
  readonly choices?: readonly string[];
  readonly isNumber?: boolean;
  readonly isList?: boolean;
  readonly isLong?: boolean;
}

const FIELDS: Readonly<Record<ChannelKind, readonly Field[]>> = {
  mail: [
    { name: 'host', title: 'Mail server' },
    { name: 'port', title: 'Port', isNumber: true },
    { name: 'security', title: 'Encryption', choices: ['starttls', 'tls', 'none'] },
    { name: 'username', title: 'User name, where it asks for one' },
    { name: 'from', title: 'From' },
    { name: 'to', title: 'To, parted by commas', isList: true },
    {
      name: 'authority',
      title: 'Certificate of your own authority (PEM), where the server has one of it',
      isLong: true,
    },
  ],
  webhook: [{ name: 'url', title: 'Address' }],
  teams: [],
  slack: [],
  matrix: [
    { name: 'homeserver', title: 'Home server' },
    { name: 'room', title: 'Room, such as !ward:example.org' },
  ],
  syslog: [
    { name: 'host', title: 'Server' },
    { name: 'port', title: 'Port', isNumber: true },
    { name: 'transport', title: 'Transport', choices: ['udp', 'tcp'] },
    { name: 'format', title: 'Format', choices: ['cef', 'rfc5424'] },
  ],
};

/** Where the messages of a channel go. */
export function TargetInputs(props: {
  target: ChannelTarget;
  onChange: (target: ChannelTarget) => void;
  secret: string;
  hasSecret: boolean;
  onSecret: (secret: string) => void;
}) {
  const { target, onChange, secret, hasSecret, onSecret } = props;
  const secretTitle = SECRET_TITLES[target.kind];
  return (
    <>
      {FIELDS[target.kind].map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={target[field.name]}
          onChange={(value) => onChange({ ...target, [field.name]: value } as ChannelTarget)}
        />
      ))}
      {secretTitle !== undefined && (
        <PasswordInput
          label={secretTitle}
          description={hasSecret ? 'One is kept, encrypted. Empty: it stays.' : 'Kept encrypted, never shown.'}
          value={secret}
          onChange={({ currentTarget }) => onSecret(currentTarget.value)}
        />
      )}
    </>
  );
}

type Value = string | number | readonly string[];

function FieldInput({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: Value | undefined;
  onChange: (value: Value) => void;
}) {
  const { title, choices, isNumber, isList, isLong } = field;
  if (choices !== undefined) {
    return (
      <Select
        label={title}
        allowDeselect={false}
        data={[...choices]}
        value={String(value ?? '')}
        onChange={(next) => onChange(next ?? '')}
      />
    );
  }
  if (isNumber === true) {
    return (
      <NumberInput
        label={title}
        min={1}
        max={65_535}
        value={Number(value ?? 0)}
        onChange={(next) => onChange(Number(next))}
      />
    );
  }
  if (isLong === true) {
    return (
      <Textarea
        label={title}
        autosize
        maxRows={4}
        value={String(value ?? '')}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  const text = Array.isArray(value) ? value.join(', ') : String(value ?? '');
  return (
    <TextInput
      label={title}
      value={text}
      onChange={({ currentTarget }) =>
        onChange(isList === true ? currentTarget.value.split(/[,\s]+/).filter(Boolean) : currentTarget.value)
      }
    />
  );
}
