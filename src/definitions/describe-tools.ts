/**
 * Owns the description of tools that only a page knows, as JSON for the body of a request. `use-parallel-tools/server` makes tools
 * of it again, without `execute`.
 */
import { asSchema, type FlexibleSchema, type ToolSet } from 'ai';
import { misuse } from '../core/misuse.ts';
import { readField } from '../core/read-field.ts';
import { expectTool } from '../core/tool.ts';

/** A JSON Schema, as the AI SDK's `jsonSchema()` takes it. */
export type JsonSchema = Awaited<ReturnType<typeof asSchema>['jsonSchema']>;

/** What a server needs to show a tool to the model. Plain JSON. */
export interface ToolDescription {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  /** The SDK's `needsApproval`. A function cannot be sent, so the server asks for every call of such a tool. */
  readonly needsApproval?: true;
}

/**
 * Describes tools for a server that does not have them: MCP tools of the page, tools of a component. Send the result in the
 * request's body and read it there with `toolsFromDescriptions`. What is code stays behind: `execute`, the policy, and a
 * `toModelOutput`, so such a tool's output reaches the model as it is.
 *
 * @throws TypeError for a provider's own tool (web search and the like), which belongs to the server
 */
export async function describeTools(tools: ToolSet): Promise<ToolDescription[]> {
  return Promise.all(
    Object.entries(tools).map(async ([name, tool]) => {
      expectTool(`tool \`${name}\``, tool);
      if (String(readField(tool, 'type')).startsWith('provider')) throw misuse('provider-tool', name);
      const title: unknown = readField(tool, 'title');
      const description = readDescription(tool.description);
      const needsApproval = tool.needsApproval !== undefined && tool.needsApproval !== false;
      return {
        name,
        ...(typeof title === 'string' && { title }),
        ...(description !== undefined && { description }),
        inputSchema: await toJsonSchema(name, 'inputSchema', tool.inputSchema),
        ...(tool.outputSchema && { outputSchema: await toJsonSchema(name, 'outputSchema', tool.outputSchema) }),
        ...(needsApproval && { needsApproval }),
      };
    }),
  );
}

/** AI SDK 7 lets a description be a function of the tool's context, which is empty on a page. */
function readDescription(description: unknown): string | undefined {
  const text: unknown = typeof description === 'function' ? description({ context: {} }) : description;
  return typeof text === 'string' ? text : undefined;
}

async function toJsonSchema(name: string, field: string, schema: FlexibleSchema): Promise<JsonSchema> {
  try {
    return await asSchema(schema).jsonSchema;
  } catch (cause) {
    throw Object.assign(misuse('json-schema', name, field), { cause });
  }
}
