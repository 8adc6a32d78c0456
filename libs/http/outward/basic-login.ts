/** The value of an `Authorization` header by RFC 7617. */
export function basicLogin(login: { user: string; password: string }): string {
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString("base64")}`;
}
