const MOST_KEPT = 200;

/** A value with what it was before, and what was taken back. */
export interface UndoStack<Value> {
  readonly past: readonly Value[];
  readonly present: Value;
  readonly future: readonly Value[];
  /** What was changed last: the next change of the same, as when typing, is the same step back. */
  readonly key: string;
}

export type UndoAction<Value> =
  | { readonly kind: 'change'; readonly value: Value; readonly key: string }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' };

export function startOf<Value>(value: Value): UndoStack<Value> {
  return { past: [], present: value, future: [], key: '' };
}

/** @param action a change with the key '' is always a step of its own */
export function step<Value>(stack: UndoStack<Value>, action: UndoAction<Value>): UndoStack<Value> {
  const { past, present, future, key } = stack;
  switch (action.kind) {
    case 'change': {
      if (action.value === present) return stack;
      const isSame = action.key !== '' && action.key === key;
      return {
        past: isSame ? past : [...past, present].slice(-MOST_KEPT),
        present: action.value,
        future: [],
        key: action.key,
      };
    }
    case 'undo': {
      const before = past.at(-1);
      if (before === undefined) return stack;
      return { past: past.slice(0, -1), present: before, future: [present, ...future], key: '' };
    }
    case 'redo': {
      const [next, ...rest] = future;
      if (next === undefined) return stack;
      return { past: [...past, present], present: next, future: rest, key: '' };
    }
  }
}
