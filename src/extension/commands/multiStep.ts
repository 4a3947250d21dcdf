import * as vscode from 'vscode';
import { createInput, createList, listItems, type Choice, type Line, type ListItem } from '../plainWindow';

/** What a step answers with when the person wants to go back; typed text never looks like it, see `textOf`. */
const back = 'back';

/** One question of a multi-step input; `run` puts the answer into the state. */
export interface Step<S> {
  /** Whether the question is asked, given what was answered before. */
  readonly when?: (state: S) => boolean;
  readonly ask: (state: S, position: Position) => Promise<string | undefined>;
  readonly take: (state: S, answer: string) => S;
}

/** Where a step stands, for its title. */
export interface Position {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
  /** What was answered here before the person went back; undefined at the first time. */
  readonly previous?: string;
}

/** Asks step after step, with Back; undefined when the person dismissed it, and nothing was done. */
export async function runSteps<S>(
  title: string,
  steps: readonly Step<S>[],
  initial: S,
): Promise<S | undefined> {
  const past: { index: number; state: S }[] = [];
  const answers = new Map<number, string>();
  let state = initial;
  let index = nextIndex(steps, state, 0);
  while (index < steps.length) {
    const step = steps[index] as Step<S>;
    const totalSteps = past.length + steps.slice(index).filter((later) => later.when?.(state) ?? true).length;
    const before = answers.get(index);
    const answer = await step.ask(state, {
      title,
      step: past.length + 1,
      totalSteps,
      canGoBack: past.length > 0,
      ...(before !== undefined && { previous: textOf(before) }),
    });
    if (answer === undefined) return undefined;
    if (answer === back) {
      const last = past.pop();
      if (last) ({ index, state } = last);
      continue;
    }
    past.push({ index, state });
    // Another answer opens another way: what was said further on was said about something else.
    if (answer !== before) for (const later of answers.keys()) if (later > index) answers.delete(later);
    answers.set(index, answer);
    state = step.take(state, answer);
    index = nextIndex(steps, state, index + 1);
  }
  return state;
}

function nextIndex<S>(steps: readonly Step<S>[], state: S, from: number): number {
  const found = steps.findIndex((step, i) => i >= from && (step.when?.(state) ?? true));
  return found < 0 ? steps.length : found;
}

/** Prefix that keeps a typed answer apart from the wish to go back. */
const given = (text: string): string => `=${text}`;

/** The typed text of an answer made by `askLine` or `askOne`. */
export function textOf(answer: string): string {
  return answer.slice(1);
}

/** A step that asks for a line of text. */
export function askLine(position: Position, line: Line): Promise<string | undefined> {
  const value = (line.password ? undefined : position.previous) ?? line.value ?? '';
  const { input, check } = createInput(position.title, { ...line, value });
  return ended(input, position, () => (check() ? given(input.value) : undefined));
}

/** A step that asks for one of several. */
export function askOne(
  position: Position,
  choices: readonly Choice<string>[],
  active?: string,
): Promise<string | undefined> {
  const pick = createList<string>(position.title);
  pick.items = listItems(choices);
  pick.activeItems = pick.items.filter((item) => item.value === (position.previous ?? active));
  return ended(pick, position, () => {
    const [chosen] = pick.selectedItems;
    return chosen && given(chosen.value);
  });
}

type Input = vscode.InputBox | vscode.QuickPick<ListItem<string>>;

function ended(
  input: Input,
  position: Position,
  accept: () => string | undefined,
): Promise<string | undefined> {
  input.step = position.step;
  input.totalSteps = position.totalSteps;
  input.ignoreFocusOut = true;
  input.buttons = position.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    const end = (answer: string | undefined): void => {
      resolve(answer);
      input.dispose();
    };
    input.onDidTriggerButton(() => {
      end(back);
    });
    input.onDidAccept(() => {
      const answer = accept();
      if (answer !== undefined) end(answer);
    });
    input.onDidHide(() => {
      end(undefined);
    });
    input.show();
  });
}
