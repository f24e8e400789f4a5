/** A mistake in a source file that `terraform validate` finds: what is replaced by what. */
export interface SourceMutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** What depends on something broken is not validated, so a mistake goes into a later wave than what it depends on. */
  readonly wave: 1 | 2 | 3;
}

/** One per file. Those of a wave are made at once, and each file has to get an error of its own. */
export const SOURCE_MUTATIONS: readonly SourceMutation[] = [
  { file: "modules/alb.tf", wave: 2, from: "HTTP_301", to: "HTTP_418" },
  {
    file: "modules/assets.tf",
    wave: 1,
    from: 'signing_behavior                  = "always"',
    to: 'signing_behavior                  = "sometimes"',
  },
  { file: "modules/autoscaling.tf", wave: 2, from: "max_capacity ", to: "maximum_capacity " },
  { file: "modules/bastion.tf", wave: 2, from: 'http_tokens = "required"', to: 'http_tokens = "needed"' },
  {
    file: "modules/cloudwatch.tf",
    wave: 2,
    from: "aws_db_instance.main.identifier",
    to: "aws_db_instance.main.name_of_it",
  },
  { file: "modules/ecr_repository.tf", wave: 1, from: '"IMMUTABLE"', to: '"FIXED"' },
  { file: "modules/ecs.tf", wave: 3, from: "track_latest = false", to: "follow_latest = false" },
  { file: "modules/iam_policy.tf", wave: 1, from: "local.assets_bucket", to: "local.asset_bucket" },
  { file: "modules/iam_role.tf", wave: 1, from: "max_session_duration = 3600", to: "max_session_duration = 60" },
  { file: "modules/iam_user.tf", wave: 2, from: "aws_iam_user.app[0].name", to: "aws_iam_user.apps[0].name" },
  { file: "modules/igw.tf", wave: 1, from: "vpc_id = aws_vpc.main.id", to: "vpc = aws_vpc.main.id" },
  { file: "modules/nat.tf", wave: 1, from: 'domain = "vpc"', to: 'domain = "vpn"' },
  {
    file: "modules/oidc.tf",
    wave: 1,
    from: "client_id_list = [var.circleci.organization]",
    to: "clients = [var.circleci.organization]",
  },
  { file: "modules/output.tf", wave: 1, from: "aws_lb.main.dns_name", to: "aws_lb.public.dns_name" },
  {
    file: "modules/parameter_store.tf",
    wave: 3,
    from: 'type             = "SecureString"',
    to: 'type             = "SecretString"',
  },
  { file: "modules/rds.tf", wave: 1, from: "storage_encrypted     = true", to: "encrypted     = true" },
  {
    file: "modules/route_table.tf",
    wave: 1,
    from: "gateway_id             = aws_internet_gateway.main.id",
    to: "gateway_id             = aws_internet_gateway.igw.id",
  },
  {
    file: "modules/scheduler.tf",
    wave: 2,
    from: 'mode                      = "FLEXIBLE"',
    to: 'mode                      = "LOOSE"',
  },
  {
    file: "modules/security_group.tf",
    wave: 1,
    from: "referenced_security_group_id = aws_security_group.main[each.value.to].id",
    to: "security_group = aws_security_group.main[each.value.to].id",
  },
  { file: "modules/subnet.tf", wave: 1, from: "availability_zone = each.key", to: "zone = each.key" },
  {
    file: "modules/vpc.tf",
    wave: 2,
    from: "route_table_ids ",
    to: "route_tables ",
  },
];
