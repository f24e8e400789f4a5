import type { Device } from "../instruction.ts";
import { parseBool } from "./bool.ts";
import { readCsv } from "./csv.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./fault.ts";
import type { Flags } from "./flags.ts";

/** Every `--device=NAME[,required]`; nothing where one is wrong, which is said. */
export function readDevices(draft: Draft, flags: Flags): readonly Device[] | undefined {
  const devices: Device[] = [];
  for (const flag of flags.all("device")) {
    const line = readCsv(flag.value);
    const device = "reason" in line ? `failed to parse csv devices: ${line.reason}` : deviceOf(line.fields);
    if (typeof device === "string") return draft.fault("device", device, flag);
    devices.push(device);
  }
  return devices;
}

/** The first field that is no `required` is the name, whatever it looks like. */
function deviceOf(fields: readonly string[]): Device | string {
  let name = "";
  let required = false;
  for (const field of fields) {
    const sign = field.indexOf("=");
    const key = (sign === -1 ? field : field.slice(0, sign)).toLowerCase();
    const value = field.slice(sign + 1);
    if (key === "required") {
      const on = sign === -1 ? true : parseBool(value);
      if (on === undefined) return `invalid value for required: ${shown(value)}`;
      required = on;
    } else if (name === "") name = key === "name" && sign !== -1 ? value : field;
    else return `a second name ${shown(field)} after ${shown(name)}; expected NAME[,required]`;
  }
  return { name, ...(required && { required }) };
}
