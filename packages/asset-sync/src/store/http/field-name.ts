/** The name of a header: https://datatracker.ietf.org/doc/html/rfc9110#section-5.6.2 */
export const FIELD_NAME: RegExp = /^[\w!#$%&'*+.^`|~-]+$/;
