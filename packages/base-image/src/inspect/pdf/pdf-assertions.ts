import { CHROMIUM, CHROMIUM_FOLDER } from "../../recipe/chromium.ts";
import { FONTS, type Font } from "../../recipe/fonts.ts";
import { rubyNodeLabels } from "../../recipe/labels.ts";
import type { RubyNodeRecipe } from "../../recipe/ruby-node-options.ts";
import { command, shell, SILENCE, SUCCESS, type Assertion } from "../assertion.ts";
import { labelAssertions } from "../labels.ts";
import { asApp, lifecycleAssertions } from "../lifecycle.ts";
import { hygieneAssertions } from "../ruby-node/hygiene.ts";
import { settingAssertions } from "../settings.ts";

/** What follows from a recipe for its `pdf` variant. */
export function pdfAssertions(recipe: RubyNodeRecipe): readonly Assertion[] {
  const { fonts = [], node = false } = recipe.pdf ?? {};
  const certificates = node ? recipe.certificates.runtime : [];
  return [
    command("chromium starts", [CHROMIUM, "--version"], SUCCESS),
    shell("chromium finds its libraries", `ldd ${CHROMIUM} | grep 'not found' || true`, SILENCE),
    shell(
      "chromium has its data",
      `cd ${CHROMIUM_FOLDER}; ls icudtl.dat v8_context_snapshot.bin headless_lib_data.pak`,
      SUCCESS,
    ),
    ...fonts.slice(0, 1).map(printsWith),
    ...(node
      ? [command(`node is ${recipe.node}`, ["node", "--version"], { kind: "version", version: recipe.node })]
      : [shell("there is no node", "command -v node || true", SILENCE)]),
    ...settingAssertions({ ...recipe, fonts, certificates }),
    ...lifecycleAssertions("app"),
    ...hygieneAssertions({ compilers: false, sudo: false }),
    ...labelAssertions(rubyNodeLabels(recipe, "pdf")),
  ];
}

/** A page is printed as in production: as the application's user, on a read-only root, and with the first font in it. */
function printsWith(font: Font): Assertion {
  const [sans, serif] = FONTS[font].embedded;
  const script = `cd /tmp
cat > page.html <<'HTML'
<!doctype html><html lang="ja"><meta charset="utf-8"><body style="font-family: sans-serif">Slipway 履歴書<p style="font-family: serif">Slipway 職務経歴
HTML
${CHROMIUM} --no-sandbox --disable-dev-shm-usage --print-to-pdf=page.pdf page.html > log 2>&1 || { tail -n 3 log; exit 1; }
for font in ${sans} ${serif}; do grep --text --only-matching "/BaseFont /[A-Z]*+$font" page.pdf | sed 's/.*+//' | sort --unique; done`;
  return {
    ...asApp(shell(`a page is printed with ${sans} and ${serif}`, script, { kind: "text", text: `${sans}\n${serif}` })),
    readOnly: true,
  };
}
