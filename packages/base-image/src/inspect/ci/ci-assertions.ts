import { shell, SUCCESS, type Assertion } from "../assertion.ts";

/** What checkouts and the steps of jobs call. */
const TOOLS = ["bash", "git", "ssh", "ssh-add", "curl", "gpg", "tar", "gzip", "unzip"];

/** A job of CI finds what its steps call. */
export function ciAssertions(sudo: boolean): readonly Assertion[] {
  return [
    ...TOOLS.map((tool) => shell(`jobs find ${tool}`, `command -v ${tool}`, SUCCESS)),
    shell("a job can make a checkout", CHECKOUT, { kind: "text", text: "first" }),
    sudo
      ? shell("sudo needs no password", "sudo --non-interactive id -u 2> /dev/null", { kind: "text", text: "0" })
      : shell("there is no sudo", "command -v sudo || true", { kind: "text", text: "" }),
  ];
}

const CHECKOUT = `cd "$(mktemp -d)"
git init --quiet origin
cd origin
git -c user.name=probe -c user.email=probe@example.com commit --quiet --allow-empty --message first
cd ..
git clone --quiet file://$PWD/origin copy
git -C copy log --format=%s`;
