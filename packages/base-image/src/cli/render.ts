import { renderDockerfile } from "../stage/dockerfile.ts";
import { dockerignore } from "../stage/inputs.ts";
import { definitionFor, type AddVerb } from "./verb.ts";

/** `base-image render`: prints the Dockerfile. */
export const addRender: AddVerb = (program, contextFor) => {
  program
    .command("render")
    .description("print the Dockerfile of the definition")
    .option("--variant <name>", "only the stages this variant needs")
    .option("--dockerignore", "the .dockerignore that lets through what the stages take, instead")
    .addHelpText("after", "\nExample:\n  base-image render --variant runtime > Dockerfile\n")
    .action(async (flags: { readonly variant?: string; readonly dockerignore?: true }, command) => {
      const context = contextFor(command);
      const { definition } = await definitionFor(context);
      if (flags.dockerignore === true) {
        const text = dockerignore(definition, flags.variant);
        context.output.result(text);
        context.output.summary({ dockerignore: text });
        return;
      }
      const rendered = renderDockerfile(definition, flags.variant);
      context.output.result(rendered.text);
      context.output.summary({ dockerfile: rendered.text, stages: rendered.stages });
    });
};
