// Owns the form of the shop's errors: a status, a code for programs, a sentence for people.

export class ShopError extends Error {
  override name = 'ShopError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const shopErrorResponse = ({ status, code, message }: ShopError): Response =>
  Response.json({ error: { code, message } }, { status });
