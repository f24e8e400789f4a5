/**
 * What a container on ECS has from TERM to KILL when its task definition does not say.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html, `stopTimeout`
 */
export const STOP_SECONDS = 30;
