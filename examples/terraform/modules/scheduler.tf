resource "aws_scheduler_schedule_group" "main" {
  name = local.prefix
}

# The family without a revision is its newest one, so the schedule follows the pipeline.
resource "aws_scheduler_schedule" "sitemap" {
  name                         = "${local.prefix}-sitemap"
  group_name                   = aws_scheduler_schedule_group.main.name
  schedule_expression          = "cron(0 4 * * ? *)"
  schedule_expression_timezone = "Asia/Tokyo"

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = aws_ecs_cluster.main.arn
    role_arn = aws_iam_role.main["scheduler"].arn
    input = jsonencode({
      containerOverrides = [{ name = "worker", command = ["bin/rails", "sitemap:create"] }]
    })

    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.main["worker"].arn_without_revision
      launch_type         = "FARGATE"
      platform_version    = "1.4.0"
      propagate_tags      = "TASK_DEFINITION"

      network_configuration {
        subnets          = [for subnet in local.task_subnets : subnet.id]
        security_groups  = [aws_security_group.main["worker"].id]
        assign_public_ip = local.task_public_ip
      }
    }

    retry_policy {
      maximum_retry_attempts       = 2
      maximum_event_age_in_seconds = 3600
    }
  }
}
