resource "aws_cloudwatch_log_group" "service" {
  for_each = local.services

  name              = "/${var.name}/${var.environment}/${each.key}"
  retention_in_days = local.size.log_days
}

# Also what rolls a deployment back that starts well and then answers with errors: see ecs.tf.
resource "aws_cloudwatch_metric_alarm" "web_errors" {
  alarm_name          = "${local.prefix}-web-5xx"
  alarm_description   = "More than ten answers a minute with status 5xx"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_5XX_Count"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  period              = 60
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.settings.alarm_topic == null ? [] : [local.settings.alarm_topic]

  dimensions = {
    LoadBalancer = aws_lb.main.arn_suffix
    TargetGroup  = aws_lb_target_group.web.arn_suffix
  }
}

resource "aws_cloudwatch_metric_alarm" "database_storage" {
  alarm_name          = "${local.prefix}-database-storage"
  alarm_description   = "Less than 2 GiB are free"
  namespace           = "AWS/RDS"
  metric_name         = "FreeStorageSpace"
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 2147483648
  period              = 300
  evaluation_periods  = 2
  alarm_actions       = local.settings.alarm_topic == null ? [] : [local.settings.alarm_topic]
  dimensions          = { DBInstanceIdentifier = aws_db_instance.main.identifier }
}
