// What plugins have to say beside the result of a call (`annotate`) is written over what the model was told before, once; nothing else is.
import { expect, it } from 'vitest';
import { nextMove } from '../../src/chat/next-move.ts';
import { answer, batch, call, done, situation, told } from './situations-of-moves.ts';

const one = [call('a', 'succeeded')];

const another = () => ({ state: 'output-available', output: 'another' }) as const;

it('is written where the model was told of the result without it', () => {
  const move = nextMove(
    situation([answer(done('a'))], [batch(one, told('a'))], { isAnnotated: () => true, resultOf: another }),
  );
  expect(move).toEqual({
    type: 'write',
    writes: new Map([['m', new Map([['m/0/a', { result: another() }]])]]),
  });
});

it('is written once', () => {
  const known = situation([answer(done('a'))], [batch(one, told('a'))], { isAnnotated: () => true });
  expect(nextMove(known)).toBe(undefined);
});

it('is needed: another result alone changes nothing that the model was told', () => {
  expect(nextMove(situation([answer(done('a'))], [batch(one, told('a'))], { resultOf: another }))).toBe(undefined);
});
