import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { ErrorText } from '../../components/error-text.tsx';
import { addService, type CheckKind, useCheckKinds, useUptimeChange } from './queries.ts';

type Values = Readonly<Record<string, string | number | boolean>>;

/** Watches a service that is not proposed. More checks are added on its page. */
export function AddService() {
  const kinds = useCheckKinds().data?.items ?? [];
  const add = useUptimeChange(addService);
  const [name, setName] = useState('');
  const [care, setCare] = useState('');
  const [agreement, setAgreement] = useState('');
  const mayAgree = useMay('probes:approve');
  const check = useCheckForm(kinds);
  const submit = () =>
    add.mutate(
      {
        name,
        care,
        host: check.host,
        checks: check.kind === undefined ? [] : [check.request],
        ...(agreement === '' ? {} : { agreement }),
      },
      {
        onSuccess: () => {
          setName('');
          setCare('');
          setAgreement('');
        },
      },
    );
  return (
    <section>
      <Title order={2} size="h4" mb="xs">
        Watch a service
      </Title>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="xs" align="start">
          <Group align="end">
            <TextInput
              label="Name"
              placeholder="Picture archive"
              required
              maxLength={100}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <TextInput
              label="What care depends on it"
              placeholder="radiology, emergency department"
              w={280}
              maxLength={300}
              value={care}
              onChange={({ currentTarget }) => setCare(currentTarget.value)}
            />
          </Group>
          <CheckFields form={check} kinds={kinds} />
          {mayAgree && (
            <TextInput
              label="Agreement, where the policy of the device asks for it"
              description="Why regular checks do no harm. Your name stands by it."
              w={420}
              maxLength={300}
              value={agreement}
              onChange={({ currentTarget }) => setAgreement(currentTarget.value)}
            />
          )}
          <ErrorText error={add.error} />
          <Button
            type="submit"
            loading={add.isPending}
            disabled={name.trim() === '' || (check.kind === undefined && check.host === null)}
          >
            Watch
          </Button>
        </Stack>
      </form>
    </section>
  );
}

/** What is filled in of one check. */
export function useCheckForm(kinds: readonly CheckKind[]) {
  const [kindId, setKindId] = useState<string | null>(null);
  const [host, setHost] = useState('');
  const [port, setPort] = useState<number | string>('');
  const [values, setValues] = useState<Values>({});
  const [secret, setSecret] = useState('');
  const kind = kinds.find(({ id }) => id === kindId);
  return {
    kind,
    kindId,
    host: host === '' ? null : host,
    port,
    values,
    secret,
    choose: (id: string | null) => {
      setKindId(id);
      setValues({});
      setSecret('');
      setPort(kinds.find((each) => each.id === id)?.port || '');
    },
    setHost,
    setPort,
    setValue: (name: string, value: string | number | boolean) => setValues({ ...values, [name]: value }),
    setSecret,
    request: {
      kind: kindId ?? '',
      ...(host === '' ? {} : { host }),
      ...(port === '' ? {} : { port: Number(port) }),
      parameters: values,
      ...(secret === '' ? {} : { secret }),
    },
  };
}

/** Kind, host, port and parameters of one check. */
export function CheckFields({ form, kinds }: { form: ReturnType<typeof useCheckForm>; kinds: readonly CheckKind[] }) {
  const { kind } = form;
  const isSent = kind?.transport !== 'none';
  return (
    <>
      <Group align="end">
        <Select
          label="Check"
          placeholder="None: watch its traffic"
          clearable
          w={320}
          searchable
          data={kinds.map(({ id, title }) => ({ value: id, label: title }))}
          value={form.kindId}
          onChange={form.choose}
        />
        {isSent && (
          <TextInput
            label="Host"
            placeholder="10.20.0.30"
            value={form.host ?? ''}
            onChange={({ currentTarget }) => form.setHost(currentTarget.value.trim())}
          />
        )}
        {isSent && kind?.transport !== 'icmp' && (
          <NumberInput label="Port" w={110} min={1} max={65_535} value={form.port} onChange={form.setPort} />
        )}
      </Group>
      {kind !== undefined && (
        <>
          <Text size="sm" c="dimmed">
            {kind.question} {kind.sends}
          </Text>
          <Group align="end">
            {kind.parameters.map((parameter) => (
              <ParameterField key={`${kind.id} ${parameter.name}`} parameter={parameter} form={form} />
            ))}
            {kind.secret !== undefined && (
              <PasswordInput
                label={kind.secret}
                w={240}
                autoComplete="off"
                value={form.secret}
                onChange={({ currentTarget }) => form.setSecret(currentTarget.value)}
              />
            )}
          </Group>
        </>
      )}
    </>
  );
}

function ParameterField(props: { parameter: CheckKind['parameters'][number]; form: ReturnType<typeof useCheckForm> }) {
  const { name, title, type, choices, minimum, maximum, ...parameter } = props.parameter;
  const value = props.form.values[name] ?? parameter.default;
  const set = (next: string | number | boolean) => props.form.setValue(name, next);
  if (type === 'boolean') {
    return (
      <Checkbox label={title} checked={value === true} onChange={({ currentTarget }) => set(currentTarget.checked)} />
    );
  }
  if (type === 'integer') {
    const limits = {
      ...(minimum === undefined ? {} : { min: minimum }),
      ...(maximum === undefined ? {} : { max: maximum }),
    };
    return <NumberInput label={title} value={Number(value)} onChange={(next) => set(Number(next))} {...limits} />;
  }
  if (choices !== undefined) {
    return (
      <Select
        label={title}
        allowDeselect={false}
        data={[...choices]}
        value={String(value)}
        onChange={(next) => set(next ?? '')}
      />
    );
  }
  return <TextInput label={title} value={String(value)} onChange={({ currentTarget }) => set(currentTarget.value)} />;
}
