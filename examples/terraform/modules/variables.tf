variable "name" {
  type = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name is ${var.name}: expected 3 to 20 lower-case letters, digits and hyphens, as load balancers and buckets need."
  }
}

variable "environment" {
  type = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "The workspace is ${var.environment}: expected dev or prod. Select one with `terraform workspace select dev`."
  }
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id is ${var.account_id}: expected the 12 digits of an AWS account."
  }
}

variable "certificate_arn" {
  type = string
}

variable "repository" {
  type = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.repository))
    error_message = "repository is ${var.repository}: expected owner/name."
  }
}

variable "circleci" {
  type = object({ organization = string, project = string })
}

variable "database_password" {
  type      = string
  ephemeral = true
}

variable "secret_key_base" {
  type      = string
  ephemeral = true
}

variable "admin_password" {
  type      = string
  ephemeral = true
}

variable "secrets_version" {
  type = number
}

variable "settings" {
  description = "Overrides of local.defaults, by name."
  type        = any
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.settings), keys(local.defaults))) == 0
    error_message = "settings has no ${join(", ", setsubtract(keys(var.settings), keys(local.defaults)))}: it knows ${join(", ", keys(local.defaults))}."
  }

  validation {
    condition     = length(try(var.settings.zones, local.defaults.zones)) >= 2
    error_message = "settings.zones names fewer than two zones: the load balancer and the database need two."
  }

  validation {
    condition     = contains(["ARM64", "X86_64"], try(var.settings.architecture, "ARM64"))
    error_message = "settings.architecture is ${try(var.settings.architecture, "")}: expected ARM64 or X86_64."
  }

  validation {
    condition     = length(setsubtract(keys(try(var.settings.size, {})), keys(local.sizes.dev))) == 0
    error_message = "settings.size overrides a column of the size table: ${join(", ", keys(local.sizes.dev))}."
  }
}

locals {
  defaults = {
    zones           = ["ap-northeast-1a", "ap-northeast-1c"]
    architecture    = "ARM64"
    worker_command  = ["bin/jobs"]
    public_url      = "https://www.example.com"
    bootstrap_image = "public.ecr.aws/docker/library/busybox:stable" # only the first revision of a family has it
    ecs_exec        = false
    bastion_image   = null # an arm64 machine image with the SSM agent
    legacy_iam_user = false
    access_logs     = null # a bucket for the load balancer's log
    alarm_topic     = null # an SNS topic
    oidc_providers  = var.environment == "dev"
    size            = {} # columns of the table below, for this workspace
  }

  settings = merge(local.defaults, var.settings)
  prefix   = "${var.name}-${var.environment}"

  # Everything in which the environments differ.
  sizes = {
    dev = {
      vpc_cidr = "10.10.0.0/16"
      nat_mode = "none"
      web      = { cpu = 512, memory = 1024, min = 1, max = 2 }
      worker   = { cpu = 256, memory = 1024, min = 1, max = 1 }
      pdf      = { cpu = 512, memory = 2048, min = 1, max = 1 }
      database = { class = "db.t4g.micro", storage = 20, multi_az = false, backup_days = 1, protected = false }
      log_days = 14
      insights = "disabled"
      branch   = "develop"
    }
    prod = {
      vpc_cidr = "10.20.0.0/16"
      nat_mode = "single"
      web      = { cpu = 1024, memory = 2048, min = 2, max = 10 }
      worker   = { cpu = 512, memory = 1024, min = 1, max = 4 }
      pdf      = { cpu = 1024, memory = 4096, min = 1, max = 4 }
      database = { class = "db.t4g.medium", storage = 50, multi_az = true, backup_days = 14, protected = true }
      log_days = 90
      insights = "enabled"
      branch   = "main"
    }
  }

  # An unknown workspace is refused by the variable above; the lookup must not be the first to complain.
  size = merge(lookup(local.sizes, var.environment, local.sizes.dev), local.settings.size)

  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
  fargate_memory = {
    "256"   = [512, 1024, 2048]
    "512"   = range(1024, 4097, 1024)
    "1024"  = range(2048, 8193, 1024)
    "2048"  = range(4096, 16385, 1024)
    "4096"  = range(8192, 30721, 1024)
    "8192"  = range(16384, 61441, 4096)
    "16384" = range(32768, 122881, 8192)
  }
}
