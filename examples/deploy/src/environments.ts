/** A service of an environment, and what its image is called. */
export interface ServiceNames {
  readonly name: string;
  readonly family: string;
  readonly container: string;
  readonly image: string;
}

/** The names that Terraform gives the things of an environment (`terraform output app`). */
export interface Environment {
  readonly cluster: string;
  readonly services: readonly ServiceNames[];
  /** The one-off task that migrates: a revision of a service's family with another command. */
  readonly migrate: { readonly service: string; readonly container: string; readonly command: readonly string[] };
  /** The parameter whose history is the list of marked releases. */
  readonly parameter: string;
}

const APP = "proff";

export const ENVIRONMENTS: Readonly<Record<"dev" | "prod", Environment>> = { dev: named("dev"), prod: named("prod") };

export type EnvironmentName = keyof typeof ENVIRONMENTS;

export function isEnvironment(name: string): name is EnvironmentName {
  return Object.hasOwn(ENVIRONMENTS, name);
}

function named(environment: string): Environment {
  const images = { pdf: "pdf", web: "app", worker: "app" };
  return {
    cluster: `${APP}-${environment}`,
    services: Object.entries(images).map(([name, image]) => ({
      name,
      family: `${APP}-${environment}-${name}`,
      container: name,
      image,
    })),
    migrate: {
      service: "web",
      container: "web",
      command: ["bin/rails", "db:abort_if_pending_migrations", "db:version"],
    },
    parameter: `/${APP}-releases/${environment}`,
  };
}
