locals {
  services = {
    web = {
      image   = "app"
      command = ["bundle", "exec", "puma"]
      port    = 3000
      secrets = merge(local.rails_secrets, { ADMIN_PASSWORD = "${local.arn.parameters}/ADMIN_PASSWORD" })
      environment = merge(local.rails_environment, {
        PORT              = "3000"
        RAILS_MAX_THREADS = "3"
        PDF_URL           = "http://pdf:3000"
      })
    }
    worker = {
      image       = "app"
      command     = local.settings.worker_command
      port        = null
      secrets     = local.rails_secrets
      environment = merge(local.rails_environment, { PDF_URL = "http://pdf:3000" })
    }
    pdf = {
      image       = "pdf"
      command     = null
      port        = 3000
      secrets     = {}
      environment = { PORT = "3000" }
    }
  }

  rails_environment = {
    APP_ENV        = var.environment
    RAILS_ENV      = "production"
    PUBLIC_URL     = local.settings.public_url
    SITEMAP_BUCKET = local.assets_bucket
    UPLOADS_BUCKET = local.uploads_bucket
  }

  # Addresses by the path convention instead of the resources' own: so a plan shows whole definitions, and can be checked.
  rails_secrets = {
    for name in ["ASSET_HOST", "DATABASE_URL", "SECRET_KEY_BASE"] : name => "${local.arn.parameters}/${name}"
  }

  # It runs pages without Chromium's sandbox. A shell of ECS Exec would write to its root.
  hardened = {
    pdf = {
      readonlyRootFilesystem = !local.settings.ecs_exec
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp", readOnly = false }]

      # No load balancer asks for it, and ECS takes no health check from an image.
      healthCheck = {
        command     = ["CMD", "node", "-e", "fetch('http://127.0.0.1:3000/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
        interval    = 30
        timeout     = 10
        retries     = 3
        startPeriod = 60
      }
    }
  }

  # Run once per release, as a revision of web's family, before any service is updated. The image's entrypoint migrates;
  # the command then fails if anything is left to do, and prints the version that the release mark keeps.
  migrate = {
    service   = "web"
    container = "web"
    command   = ["bin/rails", "db:abort_if_pending_migrations", "db:version"]
  }
}

resource "aws_ecs_cluster" "main" {
  name = local.prefix

  setting {
    name  = "containerInsights"
    value = local.size.insights
  }
}

resource "aws_service_discovery_http_namespace" "main" {
  name = local.prefix
}

# Terraform owns the shape of a task, the pipeline owns its image: it clones the newest revision with another image. So a
# change here takes effect with the next deployment and never replaces a running image.
resource "aws_ecs_task_definition" "main" {
  for_each = local.services

  family                   = "${local.prefix}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = local.size[each.key].cpu
  memory                   = local.size[each.key].memory
  execution_role_arn       = aws_iam_role.main["execution-${each.key}"].arn
  task_role_arn            = aws_iam_role.main["task-${each.key}"].arn

  # A replaced revision may be running, or be what a rollback needs.
  skip_destroy = true
  track_latest = false

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = local.settings.architecture
  }

  ephemeral_storage {
    size_in_gib = each.key == "pdf" ? 30 : 21
  }

  # Chromium's profiles; its root file system is read-only.
  dynamic "volume" {
    for_each = each.key == "pdf" ? ["tmp"] : []
    content {
      name = volume.value
    }
  }

  container_definitions = jsonencode([merge(
    {
      name      = each.key
      image     = local.settings.bootstrap_image
      essential = true

      # Puma and the job runner end within 30 s of TERM, prints within 50; Fargate allows 120.
      stopTimeout = 60

      # Reaps what Chromium and Rails leave behind, and passes signals on.
      linuxParameters = { initProcessEnabled = true }

      environment  = [for name, value in each.value.environment : { name = name, value = value }]
      secrets      = [for name, arn in each.value.secrets : { name = name, valueFrom = arn }]
      portMappings = each.value.port == null ? [] : [{ name = each.key, containerPort = each.value.port, hostPort = each.value.port, protocol = "tcp" }]

      mountPoints    = []
      volumesFrom    = []
      systemControls = []

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.service[each.key].name
          awslogs-region        = var.region
          awslogs-stream-prefix = each.key
          mode                  = "non-blocking"
          max-buffer-size       = "10m"
        }
      }
    },
    each.value.command == null ? {} : { command = each.value.command },
    try(local.hardened[each.key], {}),
  )])

  lifecycle {
    precondition {
      condition     = contains(lookup(local.fargate_memory, tostring(local.size[each.key].cpu), []), local.size[each.key].memory)
      error_message = "${each.key} asks for ${local.size[each.key].cpu} CPU units with ${local.size[each.key].memory} MiB: Fargate has no such size."
    }
  }
}

resource "aws_ecs_service" "main" {
  for_each = local.services

  name                   = each.key
  cluster                = aws_ecs_cluster.main.id
  task_definition        = aws_ecs_task_definition.main[each.key].arn
  launch_type            = "FARGATE"
  platform_version       = "1.4.0"
  propagate_tags         = "SERVICE"
  enable_execute_command = local.settings.ecs_exec

  # Nothing runs before the first deployment: the deploy program raises the count, autoscaling takes it from there.
  desired_count = 0

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = each.key == "web" ? 120 : null

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  dynamic "alarms" {
    for_each = each.key == "web" ? [1] : []
    content {
      enable      = true
      rollback    = true
      alarm_names = [aws_cloudwatch_metric_alarm.web_errors.alarm_name]
    }
  }

  network_configuration {
    subnets          = [for subnet in local.task_subnets : subnet.id]
    security_groups  = [aws_security_group.main[each.key].id]
    assign_public_ip = local.task_public_ip
  }

  dynamic "load_balancer" {
    for_each = each.key == "web" ? [1] : []
    content {
      target_group_arn = aws_lb_target_group.web.arn
      container_name   = "web"
      container_port   = 3000
    }
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.main.arn

    dynamic "service" {
      for_each = each.key == "pdf" ? [1] : []
      content {
        port_name      = "pdf"
        discovery_name = "pdf"

        client_alias {
          dns_name = "pdf"
          port     = 3000
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }

  depends_on = [aws_lb_listener.https, aws_iam_role_policy.main, aws_ssm_parameter.admin_password, aws_ssm_parameter.asset_host, aws_ssm_parameter.database_url, aws_ssm_parameter.secret_key_base]
}
