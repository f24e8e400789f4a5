import { main } from "./main.ts";

void main(process.argv).then((code) => process.exit(code));
