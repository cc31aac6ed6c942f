/** Owns where a JSON object that comes bit by bit ends. It does not judge whether what stands in between is JSON: `JSON.parse` does. */

/** `before`: it has yet to begin. `open`: it goes on. `closed`: its last brace has come. `other`: something else came before it or after it. */
export type JsonObjectState = 'before' | 'open' | 'closed' | 'other';

/** Follows a text. Each piece that is given to it goes on where the one before ended. */
export function createJsonObjectEnd(): (piece: string) => JsonObjectState {
  let state: JsonObjectState = 'before';
  let depth = 0;
  let isInString = false;
  let isEscaped = false;

  function read(character: string): void {
    if (isInString) {
      if (isEscaped) isEscaped = false;
      else if (character === '\\') isEscaped = true;
      else if (character === '"') isInString = false;
      return;
    }
    if (WHITE_SPACE.includes(character)) return;
    if (state !== 'open') {
      state = state === 'before' && character === '{' ? 'open' : 'other';
      depth = 1;
    } else if (character === '"') isInString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) state = 'closed';
    }
  }

  return (piece) => {
    for (const character of piece) if (state !== 'other') read(character);
    return state;
  };
}

const WHITE_SPACE = ' \n\r\t';
