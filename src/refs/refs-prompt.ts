/** Owns the words by which a model learns that it can name the output of another call. */

/** For the system prompt of the route. */
export const refsPrompt = `A tool call can use the result of another call of the same turn, without waiting for another turn. In the input of the later call, write a reference in place of the value: {{toolName#n.path}}
- toolName is the name of the tool that was called, and n counts the calls of that tool in this turn, from 1.
- path leads into the result, as in JavaScript: {{searchProducts#1.items[0].id}}. Without a path the reference is the whole result.
- The call that is named comes before the call that names it.
- A string that is nothing but a reference becomes the value itself, whatever its type. In a longer string, its text is put in.
Use a reference only if you know where in the result the value is. To choose by what a result says, wait for the result.`;
