import { aptInstall, defineImage, from, stage } from "@slipway/base-image";

const poppler = stage("poppler", from("debian:trixie-slim")).with(aptInstall(["poppler-utils"]));

/** What reads PDFs in tests. */
export default defineImage({ name: "slipway-test-poppler", stages: [poppler] });
