locals {
  trust = {
    for service in ["ecs-tasks", "scheduler", "ec2"] : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "${service}.amazonaws.com" }
        Condition = service == "ec2" ? {} : { StringEquals = { "aws:SourceAccount" = var.account_id } }
      }]
    })
  }

  # Which policies of iam_policy.tf a role holds: who needs which action, in one place.
  roles = {
    execution-web    = { trust = local.trust["ecs-tasks"], policies = ["pull-app", "write-logs-web", "read-secrets-web"] }
    execution-worker = { trust = local.trust["ecs-tasks"], policies = ["pull-app", "write-logs-worker", "read-secrets-worker"] }
    execution-pdf    = { trust = local.trust["ecs-tasks"], policies = ["pull-pdf", "write-logs-pdf"] }
    task-web         = { trust = local.trust["ecs-tasks"], policies = concat(["assets-read", "uploads"], local.exec) }
    task-worker      = { trust = local.trust["ecs-tasks"], policies = concat(["assets-read", "sitemap-write", "uploads"], local.exec) }
    task-pdf         = { trust = local.trust["ecs-tasks"], policies = local.exec }
    scheduler        = { trust = local.trust["scheduler"], policies = ["run-sitemap"] }
    ci-build         = { trust = local.ci_trust["build"], policies = ["push-images", "assets-write"] }
    ci-deploy        = { trust = local.ci_trust["deploy"], policies = ["deploy", "mark-releases", "assets-collect"] }
  }

  exec = local.settings.ecs_exec ? ["exec"] : []

  role_policies = merge([
    for role, entry in local.roles : { for policy in entry.policies : "${role}/${policy}" => { role = role, policy = policy } }
  ]...)
}

resource "aws_iam_role" "main" {
  for_each = local.roles

  name                 = "${local.prefix}-${each.key}"
  assume_role_policy   = each.value.trust
  max_session_duration = 3600
}

resource "aws_iam_role_policy" "main" {
  for_each = local.role_policies

  name   = each.value.policy
  role   = aws_iam_role.main[each.value.role].id
  policy = local.policy[each.value.policy]
}
