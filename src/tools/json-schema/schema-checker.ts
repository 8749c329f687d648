import type { Schema, SchemaDraft } from '@cfworker/json-schema';
import { describeErrors } from './describe-errors.ts';
import { isInPlace, schemasIn, type SchemaNode, type SchemaObject } from './keywords.ts';
import { loadValidator } from './load-validator.ts';

export type Addresses = Readonly<Record<string, Schema | boolean>>;

/** What checks values against one schema. */
export class SchemaChecker {
  readonly schema: SchemaObject;
  readonly #draft: SchemaDraft;
  readonly #addresses: Addresses;

  /** The schema has been gone through for its `addresses`, and knows those it refers to. */
  constructor(schema: SchemaObject, draft: SchemaDraft, addresses: Addresses) {
    this.schema = schema;
    this.#draft = draft;
    this.#addresses = addresses;
  }

  /** What does not fit, one line a fault. */
  issuesOf(value: unknown): string[] {
    return describeErrors(loadValidator().validate(value, this.schema, this.#draft, this.#addresses, false).errors);
  }

  /** The schema that a schema refers to. */
  targetOf(schema: SchemaObject): SchemaNode | undefined {
    return this.#addresses[String(schema['__absolute_ref__'] ?? schema['$ref'])];
  }

  /** The schemas that are checked against the same value as this one. */
  besides(schema: SchemaObject): SchemaNode[] {
    const target = '$ref' in schema ? this.targetOf(schema) : undefined;
    const referred = target === undefined ? [] : [target];
    if (this.standsAlone(schema)) return referred;
    const beside = Object.entries(schema).filter(([keyword]) => isInPlace(keyword));
    return [...referred, ...beside.flatMap(([keyword, value]) => schemasIn(keyword, value).map(([, one]) => one))];
  }

  /** In draft-07 nothing counts beside a `$ref`. */
  standsAlone(schema: SchemaObject): boolean {
    return this.#draft === '7' && '$ref' in schema;
  }
}
