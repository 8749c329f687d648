import { invalid, isRecord, mustBeCount, mustBeText, refuseUnknown } from './check-values.ts';

const known = [
  'model',
  'temperature',
  'topP',
  'maxTokens',
  'presencePenalty',
  'maxModelLen',
  'fast',
  'extraBody',
  'apiKey',
  'baseUrl',
];

/** @throws {SageError} `invalid-argument` naming the option, what was given and what is allowed. */
export function checkModelConfig(config: unknown): void {
  if (!isRecord(config) || Object.keys(config).length === 0)
    throw invalid('modelConfig', config, 'an object with at least model');
  refuseUnknown(config, known, 'modelConfig.');
  const { model, extraBody } = config;
  if (typeof model !== 'string' || model === '') throw invalid('modelConfig.model', model, 'the name of a model');
  for (const name of ['temperature', 'topP', 'presencePenalty']) {
    const value = config[name];
    if (value !== undefined && !Number.isFinite(value)) throw invalid(`modelConfig.${name}`, value, 'a number');
  }
  for (const name of ['maxTokens', 'maxModelLen'])
    if (config[name] !== undefined) mustBeCount(`modelConfig.${name}`, config[name]);
  // The key itself stays out of the error.
  for (const name of ['apiKey', 'baseUrl', 'fast']) mustBeText(`modelConfig.${name}`, config[name], 'not shown');
  if (extraBody !== undefined && !isRecord(extraBody)) throw invalid('modelConfig.extraBody', extraBody, 'an object');
}
