variable "name" {
  description = "The application's name: the first part of every other name, with the workspace as the second."
  type        = string
  default     = "proff"
}

variable "region" {
  type    = string
  default = "ap-northeast-1"
}

variable "account_id" {
  description = "The only account this configuration may be applied to."
  type        = string
}

variable "certificate_arn" {
  description = "The ACM certificate of the load balancer, in the same Region."
  type        = string
}

variable "repository" {
  description = "The GitHub repository (owner/name) whose workflows may deploy; also what CircleCI builds from."
  type        = string
}

variable "circleci" {
  description = "Ids of the CircleCI organisation and project whose jobs may deploy; null without CircleCI."
  type        = object({ organization = string, project = string })
  default     = null
}

variable "database_password" {
  description = "Reaches the database and the parameter store, never the state."
  type        = string
  ephemeral   = true
}

variable "secret_key_base" {
  description = "Rails' SECRET_KEY_BASE. Reaches the parameter store, never the state."
  type        = string
  ephemeral   = true
}

variable "admin_password" {
  description = "What the app's admin pages ask for. Reaches the parameter store, never the state."
  type        = string
  ephemeral   = true
}

variable "secrets_version" {
  description = "Write-only values are sent when this number rises."
  type        = number
  default     = 1
}

variable "settings" {
  description = "Choices that have a default in the module: see modules/variables.tf."
  type        = any
  default     = {}
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = { application = var.name, environment = terraform.workspace, managed-by = "terraform" }
  }
}

module "app" {
  source = "./modules"

  name              = var.name
  environment       = terraform.workspace
  region            = var.region
  account_id        = var.account_id
  certificate_arn   = var.certificate_arn
  repository        = var.repository
  circleci          = var.circleci
  database_password = var.database_password
  secret_key_base   = var.secret_key_base
  admin_password    = var.admin_password
  secrets_version   = var.secrets_version
  settings          = var.settings
}

output "app" {
  description = "The names that the pipelines use, and what a person needs next."
  value       = module.app
}
