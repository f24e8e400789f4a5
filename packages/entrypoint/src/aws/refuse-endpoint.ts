/** What is wrong with the address of a service of one's own, as words that follow its name; `undefined` when it is fine. */
export function refuseEndpoint(address: string): string | undefined {
  const isHttp = /^https?:\/\/[^/]/.test(address) && URL.canParse(address);
  return isHttp ? undefined : "is not an http:// or https:// address";
}
