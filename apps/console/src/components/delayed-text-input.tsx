import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type RefObject, useEffect, useRef, useState } from 'react';

const TYPING_PAUSE_MS = 250;

/** Typing stays fluent: whoever listens, an address or a list, is told after a short pause. */
export function DelayedTextInput({
  value,
  onChange,
  inputRef,
  ...rest
}: Omit<TextInputProps, 'value' | 'onChange'> & {
  value: string;
  onChange: (value: string) => void;
  inputRef?: RefObject<HTMLInputElement | null>;
}) {
  const ownRef = useRef<HTMLInputElement>(null);
  const input = inputRef ?? ownRef;
  const [text, setText] = useState(value);
  const tell = useDebouncedCallback(onChange, TYPING_PAUSE_MS);
  useEffect(() => {
    // Something else changed it: a saved view, a link or the back button. While somebody types, the text leads.
    if (document.activeElement !== input.current) setText(value);
  }, [value, input]);
  return (
    <TextInput
      {...rest}
      ref={input}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
