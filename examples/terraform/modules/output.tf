# The names that the pipelines use: test/terraform of ../../checks holds them against the pipelines, per workspace.
output "environment" {
  value = var.environment
}

output "region" {
  value = var.region
}

output "cluster" {
  value = aws_ecs_cluster.main.name
}

output "services" {
  description = "Per service: its name, its family, its container and the repository of its image."
  value = {
    for name, service in local.services : name => {
      service    = aws_ecs_service.main[name].name
      family     = aws_ecs_task_definition.main[name].family
      container  = name
      repository = aws_ecr_repository.main[service.image].name
    }
  }
}

output "migrate" {
  value = local.migrate
}

output "repositories" {
  value = merge({ for name, repository in aws_ecr_repository.main : name => repository.name }, { cache = aws_ecr_repository.cache.name })
}

output "assets" {
  value = {
    target = "s3://${aws_s3_bucket.assets.bucket}"
    host   = "https://${aws_cloudfront_distribution.assets.domain_name}"
  }
}

output "releases_parameter" {
  value = "/${var.name}-releases/${var.environment}"
}

output "log_groups" {
  value = { for name, group in aws_cloudwatch_log_group.service : name => group.name }
}

output "ci_roles" {
  value = {
    build  = "arn:aws:iam::${var.account_id}:role/${aws_iam_role.main["ci-build"].name}"
    deploy = "arn:aws:iam::${var.account_id}:role/${aws_iam_role.main["ci-deploy"].name}"
  }
}

output "load_balancer" {
  value = aws_lb.main.dns_name
}
