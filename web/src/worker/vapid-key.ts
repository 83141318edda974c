// Keys as texts and as bytes.

/** Bytes from URL-safe base64, as the server writes its key. */
export function decodeVapidKey(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function isSameKey(a: ArrayBuffer | null | undefined, b: Uint8Array): boolean {
  if (!a || a.byteLength !== b.length) return false;
  const bytes = new Uint8Array(a);
  return b.every((byte, index) => byte === bytes[index]);
}
