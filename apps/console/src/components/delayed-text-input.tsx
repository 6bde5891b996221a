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
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
}) {
  const [text, setText] = useState(value);
  const isTyping = useRef(false);
  const tell = useDebouncedCallback((typed: string) => {
    isTyping.current = false;
    onChange(typed);
  }, TYPING_PAUSE_MS);
  useEffect(() => {
    // Something else changed it: a saved view, a link or the back button. While somebody types, the text leads; who listens
    // may leave out space around it.
    if (!isTyping.current) setText((shown) => (shown.trim() === value.trim() ? shown : value));
  }, [value]);
  return (
    <TextInput
      {...rest}
      ref={inputRef}
      value={text}
      onChange={(event) => {
        isTyping.current = true;
        setText(event.currentTarget.value);
        tell(event.currentTarget.value);
      }}
    />
  );
}
