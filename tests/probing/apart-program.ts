import { call, openWholeProgram } from '../whole-program.ts';

// The whole program in a process of its own, so that it can stand in a network namespace. It is asked over the channel to the
// process that started it, which no namespace cuts off: `{ id, method, path, body }` in, `{ id, answer }` or
// `{ id, error }` out. `{ id, zone }` moves it to another time zone.

interface Question {
  readonly id: number;
  readonly zone?: string;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
}

const program = await openWholeProgram();

process.on('message', ({ id, method, path, body, zone }: Question) => {
  if (zone !== undefined) {
    process.env.TZ = zone;
    process.send?.({ id });
    return;
  }
  call(program, method, path, body).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.on('disconnect', () => void program.close().then(() => process.exit()));
process.send?.({ id: 0 });
