import { parentPort } from 'node:worker_threads';
import { bufferOf } from '../../engine/kernel/bufferOf';
import { toEngineError } from '../../engine/kernel/errors';
import { receiveError, sendError } from '../../engine/kernel/sentError';
import type { ValueViews } from '../../engine/values/valueViews';
import { createValueViews } from './createValueViews';
import type { Schema } from './protobufFaces';
import type { SentSchemas, ViewsAnswers, ViewsQuestion, ViewsReply, ViewsRequest } from './viewsMessages';

if (!parentPort) throw new Error('The worker that decodes must be started as a worker thread');
const port = parentPort;
port.on('message', (request: ViewsRequest) => void reply(request));

async function reply({ question, schemas }: ViewsRequest): Promise<void> {
  const views = createValueViews({ readSchemas: async () => schemasOf(schemas) });
  const answered: ViewsReply = await answer(views, question).then(
    (value) => ({ value }),
    (thrown: unknown) => ({ error: sendError(toEngineError(thrown)) }),
  );
  port.postMessage(answered);
}

async function answer(views: ValueViews, question: ViewsQuestion): Promise<ViewsAnswers[keyof ViewsAnswers]> {
  switch (question.act) {
    case 'offered':
      return views.offered(bufferOf(question.bytes), question.hints);
    case 'decode':
      return views.decode(bufferOf(question.bytes), question.view, question.hints);
    case 'readableJson':
      return views.readableJson(bufferOf(question.bytes));
    case 'encode':
      return views.encode(question.text, question.view, bufferOf(question.original));
  }
}

function schemasOf(sent: SentSchemas): readonly Schema[] {
  if ('problem' in sent) throw receiveError(sent.problem);
  return sent.schemas;
}
