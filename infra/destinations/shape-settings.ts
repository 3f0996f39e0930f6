import type { z } from 'zod';
import { type OcsfShape, ocsfShapes } from '../../content/mapping/ocsf.ts';
import { flag, oneOf } from '../config/fields.ts';

/** Settings of the kinds whose lines may be written in a schema that SIEMs share. */
export interface ShapeSettings {
  /** Write lines as events of OCSF `ocsf-1.1`, `ocsf-1.5` or `ocsf-1.8`, after the view, if there is one. Default: lines are as Mosaic writes events. */
  readonly shape?: OcsfShape;
  /** False leaves out `raw_data`, in which a shaped line has its event as a string. Default true. */
  readonly rawData?: boolean;
}

export const shapeFields = {
  shape: oneOf(ocsfShapes as [OcsfShape, ...OcsfShape[]]).optional(),
  rawData: flag().optional(),
} satisfies Record<keyof ShapeSettings, z.ZodType>;

/** A destination's shape as the stack reads it. */
export interface DestinationShape {
  readonly name: OcsfShape;
  readonly rawData: boolean;
}

/** Reads what `shapeFields` have checked; undefined where the settings name no shape. */
export function shapeOf(written: unknown): DestinationShape | undefined {
  const { shape: name, rawData = true } = written as ShapeSettings;
  return name === undefined ? undefined : { name, rawData };
}
