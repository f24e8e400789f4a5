locals {
  arn = {
    ecr        = "arn:aws:ecr:${var.region}:${var.account_id}:repository/${local.prefix}"
    logs       = "arn:aws:logs:${var.region}:${var.account_id}:log-group:/${var.name}/${var.environment}"
    parameters = "arn:aws:ssm:${var.region}:${var.account_id}:parameter/${var.name}/${var.environment}"
    releases   = "arn:aws:ssm:${var.region}:${var.account_id}:parameter/${var.name}-releases/${var.environment}"
    ecs        = "arn:aws:ecs:${var.region}:${var.account_id}"
    roles      = "arn:aws:iam::${var.account_id}:role/${local.prefix}"
    assets     = "arn:aws:s3:::${local.assets_bucket}"
    uploads    = "arn:aws:s3:::${local.uploads_bucket}"
  }

  pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]

  # The tasks' roles may be handed to tasks, and to nothing else.
  pass_task_roles = {
    Effect    = "Allow"
    Action    = ["iam:PassRole"]
    Resource  = ["${local.arn.roles}-execution-*", "${local.arn.roles}-task-*"]
    Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
  }

  # ECR's token and the registration of a definition know no resource.
  ecr_token = { Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = ["*"] }

  statements = merge(
    {
      for image in local.images : "pull-${image}" => [
        local.ecr_token,
        { Effect = "Allow", Action = local.pull, Resource = ["${local.arn.ecr}-${image}"] },
      ]
    },
    {
      for service in keys(local.services) : "write-logs-${service}" => [
        { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = ["${local.arn.logs}/${service}:*"] },
      ]
    },
    {
      for service, one in local.services : "read-secrets-${service}" => [
        { Effect = "Allow", Action = ["ssm:GetParameters"], Resource = values(one.secrets) },
      ] if length(one.secrets) > 0
    },
    {
      assets-read = [
        { Effect = "Allow", Action = ["s3:GetObject"], Resource = ["${local.arn.assets}/.asset-sync/*"] },
      ]
      sitemap-write = [
        { Effect = "Allow", Action = ["s3:PutObject"], Resource = ["${local.arn.assets}/sitemaps/*"] },
      ]
      # A photo that is removed is looked for in other sizes too.
      uploads = [
        { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], Resource = ["${local.arn.uploads}/*"] },
        { Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.arn.uploads] },
      ]
      assets-write = [
        { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], Resource = ["${local.arn.assets}/*"] },
      ]
      assets-collect = [
        { Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"], Resource = ["${local.arn.assets}/*"] },
        { Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.arn.assets] },
      ]
      exec = [
        {
          Effect   = "Allow"
          Action   = ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
          Resource = ["*"]
        },
      ]
      push-images = [
        local.ecr_token,
        {
          Effect   = "Allow"
          Action   = concat(local.pull, ["ecr:CompleteLayerUpload", "ecr:DescribeImages", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart"])
          Resource = ["${local.arn.ecr}-app", "${local.arn.ecr}-pdf", "${local.arn.ecr}-cache"]
        },
      ]
      deploy = [
        { Effect = "Allow", Action = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"], Resource = ["*"] },
        { Effect = "Allow", Action = ["ecs:TagResource"], Resource = ["${local.arn.ecs}:task-definition/${local.prefix}-*"] },
        {
          Effect   = "Allow"
          Action   = ["ecs:DescribeServices", "ecs:UpdateService"]
          Resource = ["${local.arn.ecs}:service/${local.prefix}/*"]
        },
        {
          Effect    = "Allow"
          Action    = ["ecs:RunTask"]
          Resource  = ["${local.arn.ecs}:task-definition/${local.prefix}-web:*"]
          Condition = { ArnEquals = { "ecs:cluster" = "${local.arn.ecs}:cluster/${local.prefix}" } }
        },
        {
          Effect    = "Allow"
          Action    = ["ecs:DescribeTasks", "ecs:ListTasks"]
          Resource  = ["*"]
          Condition = { ArnEquals = { "ecs:cluster" = "${local.arn.ecs}:cluster/${local.prefix}" } }
        },
        { Effect = "Allow", Action = ["logs:GetLogEvents"], Resource = ["${local.arn.logs}/web:*"] },
        local.pass_task_roles,
      ]
      mark-releases = [
        local.ecr_token,
        { Effect = "Allow", Action = ["ssm:GetParameterHistory", "ssm:PutParameter"], Resource = [local.arn.releases] },
        {
          Effect   = "Allow"
          Action   = concat(local.pull, ["ecr:DescribeImages", "ecr:PutImage"])
          Resource = ["${local.arn.ecr}-app", "${local.arn.ecr}-pdf"]
        },
      ]
      run-sitemap = [
        {
          Effect    = "Allow"
          Action    = ["ecs:RunTask"]
          Resource  = ["${local.arn.ecs}:task-definition/${local.prefix}-worker", "${local.arn.ecs}:task-definition/${local.prefix}-worker:*"]
          Condition = { ArnEquals = { "ecs:cluster" = "${local.arn.ecs}:cluster/${local.prefix}" } }
        },
        local.pass_task_roles,
      ]
    },
  )

  policy = { for name, statements in local.statements : name => jsonencode({ Version = "2012-10-17", Statement = statements }) }
}
