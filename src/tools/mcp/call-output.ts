import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client';

/**
 * What the model is given of a result: the structured content if there is one, else the text. What is no text is described in a
 * line each, by kind, type and size.
 */
export function outputOf({ content, structuredContent }: CallToolResult): unknown {
  if (structuredContent === undefined) return textOf(content);
  const others = content.filter(({ type }) => type !== 'text');
  return others.length === 0 ? structuredContent : [JSON.stringify(structuredContent), textOf(others)].join('\n');
}

export function textOf(content: readonly ContentBlock[]): string {
  return content.map(describe).join('\n');
}

function describe(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'image':
    case 'audio':
      return `[${block.type}, ${block.mimeType}, ${sizeOf(block.data)}, not shown]`;
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return `[resource ${resource.uri}]\n${resource.text}`;
      return `[resource ${resource.uri}, ${resource.mimeType ?? 'of unknown type'}, ${sizeOf(resource.blob)}, not shown]`;
    }
    case 'resource_link': {
      const details = [block.name, block.mimeType, block.description].filter((detail) => detail !== undefined);
      return `[link to resource ${block.uri}: ${details.join(', ')}]`;
    }
    default:
      block satisfies never;
      return '[content of an unknown kind, not shown]';
  }
}

/** Base64 has four characters for three bytes. */
function sizeOf(base64: string): string {
  return `${Math.floor((base64.length * 3) / 4)} bytes`;
}
