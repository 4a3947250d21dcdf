import * as v from 'valibot';
import type { MethodMap } from './rpc';

const optionalText = v.optional(v.pipe(v.string(), v.maxLength(4096)));

/** One server line of the form. Ports are text while they are typed. */
const endpoint = v.object({
  kind: v.picklist(['tcp', 'unix']),
  host: v.pipe(v.string(), v.maxLength(255)),
  port: v.pipe(v.string(), v.maxLength(10)),
  path: v.pipe(v.string(), v.maxLength(1024)),
});

const form = v.object({
  name: v.pipe(v.string(), v.maxLength(200)),
  engine: v.picklist(['redis', 'memcached']),
  endpoints: v.pipe(v.array(endpoint), v.minLength(1), v.maxLength(64)),
  dbIndex: v.pipe(v.string(), v.maxLength(10)),
  authMethod: v.picklist(['none', 'password', 'sasl']),
  username: v.pipe(v.string(), v.maxLength(512)),
  secret: v.picklist(['stored', 'ask']),
  tlsEnabled: v.boolean(),
  tlsVerify: v.boolean(),
  servername: v.pipe(v.string(), v.maxLength(255)),
  environment: v.picklist(['dev', 'staging', 'prod']),
  /** Separated by commas. */
  tags: v.pipe(v.string(), v.maxLength(2000)),
  readOnly: v.boolean(),
  forceReadOnly: v.boolean(),
  timeoutMs: v.pipe(v.string(), v.maxLength(10)),
  retryMaxAttempts: v.pipe(v.string(), v.maxLength(4)),
  retryBackoffMs: v.pipe(v.string(), v.maxLength(10)),
  retryBackoffStrategy: v.picklist(['fixed', 'exponential']),
});

/** The connection form as it is typed; secrets and files are not in it: the host asks for them itself. */
export type ConnectionForm = v.InferOutput<typeof form>;

/** What the host holds beside the form. */
const held = v.object({
  /** A password is stored or was entered in this editor. */
  hasPassword: v.boolean(),
  hasKeyPassphrase: v.boolean(),
  caFile: optionalText,
  certificateFile: optionalText,
  keyFile: optionalText,
});

const problem = v.object({ field: v.string(), message: v.string() });
const state = v.object({
  /** `new` or `edit`. */
  mode: v.picklist(['new', 'edit']),
  form,
  held,
  /** Names what the host holds; another one means that secrets and files entered before are gone. */
  session: v.string(),
});

/** What the page keeps of a form over a reload of the window: what was typed, and whether the host held more. */
export const connectionDraft = v.object({ form, session: v.string(), hasEntered: v.boolean() });
export type ConnectionDraft = v.InferOutput<typeof connectionDraft>;

/** All that the connection editor shows when it opens. */
export type ConnectionEditorState = v.InferOutput<typeof state>;

/** What a Test found: shown as a list. `ok` false carries the failure as text and the field it points at. */
const testReport = v.object({
  ok: v.boolean(),
  headline: v.string(),
  lines: v.array(v.object({ label: v.string(), value: v.string() })),
  /** Capabilities that are missing, and why. */
  missing: v.array(v.object({ name: v.string(), reason: v.string() })),
  field: v.optional(v.string()),
});

export type TestReportDto = v.InferOutput<typeof testReport>;
export type Held = v.InferOutput<typeof held>;
export type FormProblem = v.InferOutput<typeof problem>;

const none = v.object({});
const fileField = v.picklist(['caFile', 'certificateFile', 'keyFile']);

/** Methods of the connection editor. */
export const connectionEditorMethods = {
  'connection/load': { params: none, result: state },
  /** Problems of the form as it stands, a field each; empty when it can be saved. */
  'connection/check': { params: v.object({ form }), result: v.object({ problems: v.array(problem) }) },
  /** The host asks for the secret in its own masked input; it never enters the webview. */
  'connection/enterSecret': {
    params: v.object({ which: v.picklist(['password', 'keyPassphrase']) }),
    result: held,
  },
  'connection/forgetSecret': {
    params: v.object({ which: v.picklist(['password', 'keyPassphrase']) }),
    result: held,
  },
  /** The host opens its own file dialog. */
  'connection/pickFile': { params: v.object({ which: fileField }), result: held },
  'connection/clearFile': { params: v.object({ which: fileField }), result: held },
  /** The host asks for a URL in its own input and splits it into fields; a password in it never enters the webview. */
  'connection/pasteUrl': { params: v.object({ form }), result: v.object({ form, held }) },
  'connection/test': { params: v.object({ form }), result: testReport },
  /** Saves and closes the editor; problems keep it open. */
  'connection/save': {
    params: v.object({ form, connect: v.boolean() }),
    result: v.object({ problems: v.array(problem) }),
  },
} as const satisfies MethodMap;
