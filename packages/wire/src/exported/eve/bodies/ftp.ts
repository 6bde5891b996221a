import type { FtpDataDetail, FtpDetail } from '../../../ftp/types.ts';
import { type EveBody, present } from '../eve-event.ts';

/** A command with its replies; arguments and words are content, the code of a reply and a port are not. */
export function ftpBody(detail: FtpDetail, withContent: boolean): EveBody {
  const { command, argument, replies, dataPort, isAnswered, isCommandTruncated, isReplyTruncated } = detail;
  const members = {
    ...present({
      command,
      command_data: withContent ? argument : undefined,
      completion_code: replies.map(({ code }) => code).filter((code) => code !== ''),
      reply: withContent ? replies.map(({ text }) => text) : undefined,
      dynamic_port: dataPort?.port,
      mode: dataPort?.mode,
    }),
    ...(command === undefined ? {} : { command_truncated: isCommandTruncated }),
    reply_truncated: isReplyTruncated,
    reply_received: isAnswered ? 'yes' : 'no',
  };
  return { type: 'ftp', members };
}

export function ftpDataBody({ command, fileName }: FtpDataDetail, withContent: boolean): EveBody {
  return { type: 'ftp_data', members: present({ filename: withContent ? fileName : undefined, command }) };
}
