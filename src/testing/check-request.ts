/** Owns what a real server would say of a request's messages, by the SDK's own functions. */
import { convertToModelMessages, validateUIMessages, type UIMessage } from 'ai';

/** What the SDK finds wrong with messages that a request carries: empty, or a real server would refuse them. */
export async function findProblems(messages: readonly UIMessage[]): Promise<string[]> {
  try {
    // As JSON, which is how they travel.
    const travelled = JSON.parse(JSON.stringify(messages)) as UIMessage[];
    await validateUIMessages({ messages: travelled });
    const content = (await convertToModelMessages(travelled)).flatMap((message) =>
      typeof message.content === 'string' ? [] : [...message.content],
    );
    const count = (type: string, toolCallId: string) =>
      content.filter((part) => part.type === type && 'toolCallId' in part && part.toolCallId === toolCallId).length;
    const answered = content.flatMap((part) => (part.type === 'tool-approval-response' ? part.approvalId : []));
    return content.flatMap((part) => {
      if (part.type !== 'tool-call') return [];
      const results = count('tool-result', part.toolCallId);
      // The server runs what was approved when it gets the request, and says itself that the rest was denied.
      const isServers = content.some(
        (other) =>
          other.type === 'tool-approval-request' &&
          other.toolCallId === part.toolCallId &&
          answered.includes(other.approvalId),
      );
      const right = results === count('tool-call', part.toolCallId) || (isServers && results === 0);
      return right ? [] : `${part.toolCallId} has ${results} results`;
    });
  } catch (error) {
    return [String(error)];
  }
}
