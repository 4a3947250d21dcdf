import * as vscode from 'vscode';
import type { ParamsOf } from '../../protocol/rpc';
import type { valueMethods } from '../../protocol/value';
import { openDocument } from '../documents/openDocument';
import { copyValue } from '../commands/transferClipboard';
import { loadValueFromFile } from '../commands/transferLoad';
import { saveValueAs } from '../commands/transferSave';
import type { Handlers } from './rpcHost';
import { groupDto } from './valueDto';
import type { ValueDocument } from './valueDocument';
import { elementRef, type ValueSession } from './valueSession';

type ValueHandlers = Handlers<typeof valueMethods>;

/** Answers the requests of one page of a value. */
export function valueHandlers(document: ValueDocument): ValueHandlers {
  const { session } = document;
  return {
    ...readHandlers(document),
    ...viewHandlers(document),
    ...actHandlers(document),
    ...wayHandlers(session),
    ...draftHandlers(document),
  };
}

function readHandlers(document: ValueDocument) {
  const { session } = document;
  return {
    'value/load': ({ descending = false, repeated = false, again = false }, { signal }) => {
      if (again) document.lookedAgain();
      return session.snapshot({ signal, descending, repeated });
    },
    'value/page': ({ epoch, cursor }, { signal }) => session.page(epoch, cursor, signal),
    'value/element': async ({ epoch, element }, { signal }) => {
      session.current(epoch);
      const bytes = await session.element(elementRef(element), signal);
      return bytes ? { bytes: bytes.toString('base64') } : {};
    },
    'value/group': async ({ epoch, group, cursor }, { signal }) =>
      groupDto(await session.group(epoch, Buffer.from(group, 'base64'), cursor, signal)),
    'value/search': ({ epoch, text, cursor }, { signal }) => session.search(epoch, text, cursor, signal),
  } satisfies Partial<ValueHandlers>;
}

function viewHandlers({ session, decoding }: ValueDocument) {
  const { app } = session;
  return {
    'value/decode': ({ bytes, view }) =>
      decoding.decode(Buffer.from(bytes, 'base64'), view, session.seen?.opened.facts?.flags),
    'value/encode': ({ text, view, original }) =>
      decoding.encode(text, view, Buffer.from(original, 'base64')),
    'value/preferView': async ({ view }) => {
      await app.viewPreferences.set(session.label, view);
      return {};
    },
  } satisfies Partial<ValueHandlers>;
}

function actHandlers(document: ValueDocument) {
  const { session, acts } = document;
  const expiry = (seconds: number): number => session.app.clock.now() + seconds * 1000;
  return {
    'value/save': (request) => document.save(request),
    'value/setTtl': ({ seconds, ...stamp }) =>
      acts.setTtl(stamp, { mode: 'set', expireAtMs: expiry(seconds) }),
    'value/removeTtl': (stamp) => acts.setTtl(stamp, { mode: 'remove' }),
    'value/undo': (stamp) => acts.undo(stamp),
    'value/delete': (stamp) => acts.remove(stamp),
  } satisfies Partial<ValueHandlers>;
}

/** Ways out and in: dialogs, files, the clipboard, an editor. */
function wayHandlers({ app, node, label }: ValueSession) {
  const of = (element: Parameters<typeof elementRef>[0] | undefined) =>
    element === undefined ? undefined : elementRef(element);
  const done = async (work: Promise<unknown>): Promise<Record<string, never>> => {
    await work;
    return {};
  };
  const write = async (text: string): Promise<void> => vscode.env.clipboard.writeText(text);
  return {
    'value/copy': ({ form, element }) => done(copyValue(app, node, form, of(element))),
    'value/copyText': ({ text }) => done(write(text)),
    'value/saveAs': ({ element }) => done(saveValueAs(app, node, of(element))),
    'value/loadFile': () => done(loadValueFromFile(app, node)),
    'value/openDocument': ({ element }) => done(openDocument(app, node, documentElement(element))),
    'value/copyName': () => done(write(label)),
  } satisfies Partial<ValueHandlers>;
}

type DocumentDto = ParamsOf<(typeof valueMethods)['value/openDocument']>['element'];

function documentElement(dto: DocumentDto): Parameters<typeof openDocument>[2] {
  return dto?.kind === 'hash' ? { kind: 'hash', field: Buffer.from(dto.field, 'base64') } : dto;
}

/** A hidden panel loses its page: its unsaved edits are the document's. */
function draftHandlers(document: ValueDocument) {
  return {
    'value/holdDrafts': ({ drafts, revision }) => {
      document.hold(drafts, revision);
      return {};
    },
    'value/heldDrafts': () => document.state,
  } satisfies Partial<ValueHandlers>;
}
