/** What the name of a face of a Protocol Buffers schema starts with. */
export const schemaFace = 'protobuf:';

/** Whether a view shows bytes by a schema of the person. */
export function isOfSchema(view: string): boolean {
  return view.includes(schemaFace);
}
