/** An object that has more bytes than its reader wants to hold; none of them was kept. */
export class OversizeError extends Error {
  constructor(size: number, atMost: number) {
    super(`it has ${size} bytes, more than ${atMost}`);
    this.name = "OversizeError";
  }
}
