locals {
  github_issuer   = "token.actions.githubusercontent.com"
  circleci_issuer = var.circleci == null ? "" : "oidc.circleci.com/org/${var.circleci.organization}"
  oidc_arn        = "arn:aws:iam::${var.account_id}:oidc-provider"

  # Each statement asks for the audience and for a subject that names the repository and the environment or branch.
  # GitHub's build has an environment of its own, so that only the deployment waits for a reviewer. Its subject names no branch:
  # the environment's deployment branches have to.
  ci_trust = { for role, github_environment in { build = "${var.environment}-build", deploy = var.environment } : role => jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "${local.oidc_arn}/${local.github_issuer}" }
        Condition = {
          StringEquals = {
            "${local.github_issuer}:aud" = "sts.amazonaws.com"
            "${local.github_issuer}:sub" = "repo:${var.repository}:environment:${github_environment}"
          }
        }
      }],
      [for circleci in var.circleci == null ? [] : [var.circleci] : {
        Effect    = "Allow"
        Action    = "sts:AssumeRoleWithWebIdentity"
        Principal = { Federated = "${local.oidc_arn}/${local.circleci_issuer}" }
        Condition = {
          StringEquals = { "${local.circleci_issuer}:aud" = circleci.organization }
          StringLike = {
            "${local.circleci_issuer}:sub" = "org/${circleci.organization}/project/${circleci.project}/user/*/vcs-origin/github.com/${var.repository}/vcs-ref/refs/heads/${local.size.branch}"
          }
        }
      }],
    )
  }) }
}

# An account has one provider per issuer: with both workspaces in one account, one of them makes it
# (settings.oidc_providers; the default is dev).
resource "aws_iam_openid_connect_provider" "github" {
  count = local.settings.oidc_providers ? 1 : 0

  url            = "https://${local.github_issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_openid_connect_provider" "circleci" {
  count = local.settings.oidc_providers && var.circleci != null ? 1 : 0

  url            = "https://${local.circleci_issuer}"
  client_id_list = [var.circleci.organization]
}
