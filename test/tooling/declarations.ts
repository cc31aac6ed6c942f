/** Owns reading published declarations: which names a module exports, and which types each of its declarations mentions. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';

/** A declaration, by its file and the name that it has there: `/folder/core/tool.d.ts#ToolPolicy`. */
export type DeclarationId = string;

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Module {
  /** The statements that declare a name: an overloaded function has several. */
  readonly declared: Map<string, Node[]>;
  /** Names that come from elsewhere, imported or exported; without a declaration id where that is another package. */
  readonly imported: Map<string, DeclarationId | undefined>;
  readonly exported: Map<string, DeclarationId | undefined>;
}

const modules = new Map<string, Module>();

function readModule(path: string): Module {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const module: Module = { declared: new Map(), imported: new Map(), exported: new Map() };
  modules.set(path, module);
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'), { lang: 'dts' });
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  for (const statement of program.body as unknown as Node[]) readStatement(statement, path, module);
  return module;
}

function readStatement(statement: Node, path: string, module: Module): void {
  const from = statement.source && resolveSource(path, (statement.source as { value: string }).value);
  const specifiers = (statement.specifiers ?? []) as Node[];
  if (statement.type === 'ImportDeclaration') {
    for (const specifier of specifiers) {
      const name = specifier.type === 'ImportSpecifier' ? nameOf(specifier.imported) : '*';
      module.imported.set(nameOf(specifier.local), from ? `${String(from)}#${name}` : undefined);
    }
  } else if (statement.type === 'ExportAllDeclaration' && statement.exported === null) {
    for (const [name, id] of readModule(String(from)).exported) module.exported.set(name, id);
  } else if (statement.type === 'ExportAllDeclaration') {
    module.exported.set(nameOf(statement.exported), `${String(from)}#*`);
  } else {
    for (const specifier of specifiers) {
      module.exported.set(nameOf(specifier.exported), `${String(from ?? path)}#${nameOf(specifier.local)}`);
    }
    const isExported = statement.type === 'ExportNamedDeclaration';
    const declaration = (isExported ? statement.declaration : statement) as Node | null;
    if (declaration === null) return;
    const declarations = (declaration.declarations ?? [declaration]) as Node[];
    for (const one of declarations) {
      if (!one.id) continue;
      const name = nameOf(one.id);
      module.declared.set(name, [...(module.declared.get(name) ?? []), one]);
      if (isExported) module.exported.set(name, `${path}#${name}`);
    }
  }
}

function resolveSource(path: string, source: string): string | undefined {
  return source.startsWith('.') ? join(dirname(path), source.replace(/\.tsx?$/, '.d.ts')) : undefined;
}

function nameOf(node: unknown): string {
  const { name, value } = node as { name?: string; value?: string };
  return name ?? value ?? '';
}

/** Follows re-exports and imports to the declaration itself. */
function resolve(id: DeclarationId): DeclarationId | undefined {
  const [path = '', name = ''] = id.split('#');
  if (name === '*') return id;
  const { exported, imported, declared } = readModule(path);
  if (declared.has(name)) return id;
  const next = exported.get(name) ?? imported.get(name);
  return next === undefined || next === id ? undefined : resolve(next);
}

/** Everything that can be reached by a name from the module, the members of its namespaces included: `Card.Root`. */
export function listExports(path: string, prefix = ''): Map<string, DeclarationId> {
  const found = new Map<string, DeclarationId>();
  for (const [name, id] of readModule(path).exported) {
    const declaration = id && resolve(id);
    if (declaration === undefined) continue;
    if (!declaration.endsWith('#*')) found.set(prefix + name, declaration);
    else
      for (const [member, inner] of listExports(declaration.slice(0, -2), `${prefix}${name}.`))
        found.set(member, inner);
  }
  return found;
}

/** The types and values of the package itself that a declaration mentions. */
export function listMentions(id: DeclarationId): Set<DeclarationId> {
  const [path = '', name = ''] = id.split('#');
  const mentions = new Set<DeclarationId>();
  const add = (mentioned: DeclarationId | undefined) => {
    const declaration = mentioned && resolve(mentioned);
    if (declaration !== undefined && declaration !== id) mentions.add(declaration);
  };
  const { declared, imported } = readModule(path);
  for (const statement of declared.get(name) ?? []) {
    visit(statement, (node) => {
      if (node.type === 'TSImportType') {
        const from = resolveSource(path, nameOf(node.source));
        if (from !== undefined) add(`${from}#${node.qualifier ? nameOf(firstOf(node.qualifier)) : '*'}`);
        return;
      }
      const reference = node.typeName ?? node.exprName ?? (HERITAGE.has(node.type) ? node.expression : node.superClass);
      const mentioned = reference && nameOf(firstOf(reference));
      // A name that the module neither declares nor imports is a type parameter, or everybody's.
      if (typeof mentioned !== 'string') return;
      if (declared.has(mentioned)) add(`${path}#${mentioned}`);
      else add(imported.get(mentioned));
    });
  }
  return mentions;
}

const HERITAGE = new Set(['TSInterfaceHeritage', 'TSClassImplements']);

/** `A` of `A.B.C`. */
function firstOf(reference: unknown): unknown {
  const { left } = reference as { left?: unknown };
  return left === undefined ? reference : firstOf(left);
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && typeof value.type === 'string') see(value as Node); // SAFETY: what was just asked.
  for (const child of Object.values(value)) visit(child, see);
}
