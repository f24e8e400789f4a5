import type { Client } from "pg";

import { EntrypointError } from "../../errors.ts";

const BOUND = "SCRAM-SHA-256-PLUS";

/**
 * Has a client that is about to connect log in only where that is bound to the server's certificate, as libpq does under
 * `channel_binding=require`: by itself the driver binds where the server offers it, and goes on where it does not.
 * @returns what is called once it is connected: it throws when the server has not proved that it knows the password
 */
export function requireBinding({ connection }: Client, address: string): () => void {
  let isProven = false;
  const refuse = (): void => void connection.stream.destroy(unbound(address));
  // Before the driver answers: a password is not sent.
  connection.on("authenticationCleartextPassword", refuse).on("authenticationMD5Password", refuse);
  connection.on("authenticationSASL", ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    if (!mechanisms.includes(BOUND)) refuse();
  });
  connection.on("authenticationSASLFinal", () => (isProven = true));
  return () => {
    if (!isProven) throw unbound(address);
  };
}

function unbound(address: string): EntrypointError {
  return new EntrypointError("ENTRYPOINT_DATABASE_LOGIN", {
    message: `PostgreSQL at ${address}: channel_binding is require, and the server binds no log-in to its certificate`,
    hint: "Connect by TLS to a server with SCRAM-SHA-256 passwords, or take channel_binding out of the address.",
  });
}
