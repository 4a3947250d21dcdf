import { EngineError, toError, type ErrorCode, type ErrorReason } from '../../engine/kernel/errors';
import { redactText } from '../../engine/kernel/redact';

interface Meaning {
  readonly code: ErrorCode;
  readonly reason: ErrorReason;
  readonly retryable: boolean;
  /** Said instead of the server's own words. */
  readonly text?: string;
}

const busy: Meaning = { code: 'CONNECTION_FAILED', reason: 'server-busy', retryable: true };
const full: Meaning = { code: 'CONNECTION_FAILED', reason: 'server-full', retryable: false };
const fullOf = (text: string): Meaning => ({ ...full, text });
const noDatabase: Meaning = {
  code: 'VALIDATION_ERROR',
  reason: 'invalid',
  retryable: false,
  text: 'The server has no logical database of this number. Choose another in the connection',
};
const noPassword: Meaning = {
  code: 'UNAUTHORIZED',
  reason: 'no-password',
  retryable: false,
  text: 'The server asks this user for no password',
};
const denied: Meaning = { code: 'UNAUTHORIZED', reason: 'no-permission', retryable: false };

/** First word of a Redis error reply to what it means for us. */
const meaningOfPrefix: Readonly<Record<string, Meaning>> = {
  WRONGPASS: { code: 'UNAUTHORIZED', reason: 'wrong-password', retryable: false },
  NOAUTH: { code: 'UNAUTHORIZED', reason: 'password-needed', retryable: false },
  NOPERM: denied,
  DENIED: denied,
  READONLY: {
    code: 'UNAUTHORIZED',
    reason: 'read-only',
    retryable: false,
    text: 'The server is a read-only replica. Connect to its primary to write',
  },
  WRONGTYPE: { code: 'CONFLICT', reason: 'wrong-type', retryable: false },
  BUSYKEY: { code: 'CONFLICT', reason: 'exists', retryable: false },
  LOADING: busy,
  TRYAGAIN: busy,
  CLUSTERDOWN: busy,
  MASTERDOWN: busy,
  BUSY: busy,
  OOM: fullOf('The server is at its memory limit (maxmemory) and takes no command that may need more'),
  MISCONF: fullOf('The server takes no writes, because it cannot save to its disk (MISCONF)'),
  NOREPLICAS: fullOf('The server takes no writes, because too few replicas follow it (NOREPLICAS)'),
};

/** An error reply of the server, as an `EngineError`; undefined when `thrown` is no reply but a failure of the link. */
export function replyError(thrown: unknown, command: string): EngineError | undefined {
  const error = toError(thrown);
  if (error.name !== 'ReplyError') return undefined;
  const message = ofItsCommand(error.message);
  const prefix = /^[A-Z]+/.exec(message)?.[0] ?? '';
  const meaning = meaningOfPrefix[prefix] ?? byText(message);
  const words = withoutScript(message);
  const denial = isScriptDenied(meaning, words) ? scriptsDenied : undefined;
  const text = meaning.text ?? `${command}: ${denial ?? redactText(withoutArguments(words))}`;
  return new EngineError(meaning.code, meaning.reason, text, {
    retryable: meaning.retryable,
    details: { prefix, ...(isScriptDenied(meaning, words) && { scripting: false }) },
  });
}

/** Every edit is a script: who may not run one is told so, not only which command it was. */
const scriptsDenied =
  'Editing needs the command EVAL, which this user may not run (NOPERM). Allow it with ACL SETUSER';

function isScriptDenied({ code }: Meaning, message: string): boolean {
  return code === 'UNAUTHORIZED' && /'eval' command/i.test(message);
}

/** Before 7.0 the error of a command in a script stood within one of the script, with a dash. */
function ofItsCommand(message: string): string {
  return message
    .replace(/^ERR Error (?:running|compiling) script [^\n]*@user_script: ?\d+: /, 'ERR ')
    .replace(/^ERR -(?=[A-Z]+ )/, '');
}

/** Where in a script of ours an error arose says nothing to a person. */
function withoutScript(message: string): string {
  const named = message.indexOf(' script: ');
  const isNamed = named >= 0 && /^[^\n]*@user_script:[ ]?\d+\.?\s*$/.test(message.slice(named));
  return (isNamed ? message.slice(0, named) : message)
    .replace(/^ERR ACL failure in script: /, 'NOPERM ')
    .replace(/^(ERR )?@user_script: ?\d+: /, 'ERR ');
}

/** Redis quotes the arguments of a command it does not know: they may be key names or values, and are cut off. */
function withoutArguments(message: string): string {
  return message.replace(/,? with args beginning with[\s\S]*$/i, '').slice(0, 300);
}

function byText(message: string): Meaning {
  // a script's command that the ACL refuses, before and since 7.2; first, as it may hold the name of the user
  if (/^ERR (The user executing the script|ACL failure in script)/i.test(message)) return denied;
  if (/max number of clients reached/i.test(message)) return busy;
  if (/DB index is out of range|invalid DB index/i.test(message)) return noDatabase;
  if (
    /not supported for this module|unknown (sub)?command|wrong number of arguments|syntax error/i.test(
      message,
    )
  ) {
    return { code: 'NOT_SUPPORTED', reason: 'unsupported', retryable: false };
  }
  // AUTH to a user without one, since 6.0 and before
  if (/without any password configured|no password is set/i.test(message)) return noPassword;
  if (/invalid password/i.test(message)) {
    return { code: 'UNAUTHORIZED', reason: 'wrong-password', retryable: false };
  }
  if (/no such key/i.test(message)) return { code: 'CONFLICT', reason: 'gone', retryable: false };
  return { code: 'INTERNAL_ERROR', reason: 'server-error', retryable: false };
}
