import { type Check, failed, good, NOBODY, quoted, SILENT } from '../check.ts';

/** Greeting, EHLO, QUIT (RFC 5321 §3.1, §4.1.1.1). */
export const smtp: Check = async (context) => {
  const stream = await context.connect();
  if (stream === undefined) return NOBODY;
  const greeting = await stream.receive(isReplyWhole, context.left());
  if (!isReply(greeting, '220')) {
    stream.close();
    if (greeting.length === 0) return SILENT;
    return failed(`It does not greet as a mail server that is ready: ${quoted(greeting.toString('latin1'))}`);
  }
  stream.send('EHLO sphinx.invalid\r\n', 'SMTP EHLO');
  const hello = await stream.receive(isReplyWhole, context.left());
  stream.send('QUIT\r\n', 'SMTP QUIT');
  await stream.receive(isReplyWhole, Math.min(1000, context.left()));
  stream.close();
  if (isReply(hello, '250')) return good('It greets and takes part.');
  return failed(
    hello.length === 0
      ? 'It greets and then says nothing.'
      : `It greets and then says: ${quoted(hello.toString('latin1'))}`,
  );
};

/** The last line of a reply has a space behind its code (RFC 5321 §4.2.1). */
function isReplyWhole(bytes: Buffer): boolean {
  return /(?:^|\n)\d{3}(?: [^\n]*)?\r?\n$/.test(bytes.toString('latin1'));
}

function isReply(bytes: Buffer, code: string): boolean {
  return bytes.toString('latin1').startsWith(code);
}
