import { JsonInput, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core';

/** The part of JSON Schema that settings use. */
export interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: { readonly type?: string };
}

/** An input that fits the schema of a setting. */
export function SettingInput(props: {
  title: string;
  description: string;
  schema: ValueSchema;
  value: unknown;
  onChange: (value: unknown) => void;
  isDisabled?: boolean;
}) {
  const { title, description, schema, value, onChange, isDisabled = false } = props;
  const common = { label: title, description, disabled: isDisabled };
  if (schema.enum !== undefined) {
    return (
      <Select {...common} data={[...schema.enum]} value={String(value)} onChange={onChange} allowDeselect={false} />
    );
  }
  switch (schema.type) {
    case 'boolean':
      return (
        <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />
      );
    case 'integer':
    case 'number':
      return (
        <NumberInput
          {...common}
          value={typeof value === 'number' ? value : ''}
          min={Math.max(schema.minimum ?? -1e9, -1e9)}
          max={Math.min(schema.maximum ?? 1e9, 1e9)}
          allowDecimal={schema.type === 'number'}
          clampBehavior="none"
          onChange={(next) => typeof next === 'number' && onChange(next)}
        />
      );
    case 'array':
      return <TagsInput {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />;
    case 'object':
      return (
        <JsonInput
          {...common}
          defaultValue={JSON.stringify(value, null, 2)}
          autosize
          minRows={2}
          formatOnBlur
          validationError="This is not JSON."
          onChange={(text) => {
            const parsed = parseJson(text);
            if (parsed !== undefined) onChange(parsed);
          }}
        />
      );
    default:
      return (
        <TextInput {...common} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />
      );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
