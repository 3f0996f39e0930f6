import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { foundIn, type Plant, plants } from './planted.ts';

/** An error answer with a plant in it. */
export interface PlantedAnswer {
  readonly how: string;
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The text after the status in HTTP's first line. */
  readonly reason?: string;
}

/** Every place of an answer where a server can put a text. */
export function plantingAnswers({ text }: Plant): readonly PlantedAnswer[] {
  const bodies: Readonly<Record<string, unknown>> = {
    'documented shape': { message: text, error_code: 400 },
    'within a sentence': { message: `Stream ${text} not found`, error_code: text },
    'after a documented text': { message: `Stream not found. ${text}` },
    'array of messages': { message: ['Bad request', text] },
    'message that is an object': { message: { text } },
    codes: {
      message: 'Bad request',
      error_code: text,
      errorCode: text,
      statusCode: text,
      code: text,
      error: text,
    },
    'codes that are numbers': {
      message: 'Bad request',
      errorCode: Number(text),
      code: Number(text),
      error: Number(text),
    },
    'NestJS shape': {
      statusCode: 500,
      message: 'Internal server error',
      error: text,
      path: `/users/${text}`,
    },
    OAuth: { error: 'invalid_client', error_description: text, error_uri: text },
    nested: { error: { message: text, code: text, details: [{ field: text, value: text }] } },
    'array of objects': [{ message: text }, { message: text }],
    'member names': { [text]: { [text]: 1 }, message: { [text]: [] } },
    'text in JSON': text,
    'long message': { message: `${'invalid '.repeat(40)}${text}` },
  };
  const json = { 'content-type': 'application/json' };
  const inHeader = /^[\x20-\x7e]+$/.test(text) ? text : encodeURIComponent(text);
  return [
    ...Object.entries(bodies).map(([how, body]) => ({ how, body: JSON.stringify(body), headers: json })),
    {
      how: 'HTML',
      body: `<html><title>${text}</title><p>${text}</p></html>`,
      headers: { 'content-type': 'text/html' },
    },
    { how: 'plain text', body: text, headers: { 'content-type': 'text/plain' } },
    { how: 'JSON that is cut off', body: `{"message":"${text}`, headers: json },
    {
      how: 'JSON above 4 KiB',
      body: JSON.stringify({ message: text, rest: text.repeat(2_000) }),
      headers: json,
    },
    {
      how: 'JSON after a byte order mark',
      body: `\uFEFF${JSON.stringify({ message: text })}`,
      headers: json,
    },
    {
      how: 'gzip',
      body: gzipSync(JSON.stringify({ message: text, error_code: 400 })),
      headers: { ...json, 'content-encoding': 'gzip' },
    },
    { how: 'gzip that is none', body: text, headers: { ...json, 'content-encoding': 'gzip' } },
    { how: 'status text', body: '', headers: {}, reason: inHeader },
    ...[
      ['location', `https://elsewhere.example/?next=${encodeURIComponent(text)}`],
      ['location', `/${encodeURIComponent(text)}`],
      ['retry-after', inHeader],
      ['retry-after', text.replace(/\D/g, '') || inHeader],
      ['content-type', `text/${encodeURIComponent(text)}`],
      ['content-encoding', inHeader],
      ['www-authenticate', `Bearer error="invalid_token", error_description="${inHeader}"`],
      ['set-cookie', `user=${inHeader}`],
      ['x-request-id', inHeader],
      [`x-${text.replace(/[^a-z0-9]/gi, '') || 'plant'}`, inHeader],
    ].map(([name, value]) => ({ how: `header ${name}`, body: 'Bad request', headers: { [name!]: value! } })),
  ];
}

/** Every plant; of its answers one in so many, each time others. */
export function* everyAnswer(oneIn: number): Iterable<readonly [Plant, PlantedAnswer]> {
  for (const [index, plant] of plants.entries()) {
    for (const [place, answer] of plantingAnswers(plant).entries()) {
      if ((index + place) % oneIn === 0) yield [plant, answer];
    }
  }
}

export const emptyAnswer: PlantedAnswer = { how: 'nothing', body: '', headers: {} };

/** Answers a call with it. */
export function sendPlanted(
  response: ServerResponse,
  { answer: { body, headers, reason }, status }: { readonly answer: PlantedAnswer; readonly status: number },
): void {
  if (reason === undefined) response.writeHead(status, headers);
  else response.writeHead(status, reason, headers);
  response.end(body);
}

/** Nothing of a plant stands in any member of what was told, hidden ones and causes of errors included. */
export function expectNothingOf(plant: Plant, how: string, told: unknown): void {
  const text = inspect(told, { depth: 20, showHidden: true, maxStringLength: null });
  expect({ kind: plant.kind, how, found: foundIn(text, plant), text }).toMatchObject({ found: [] });
}
